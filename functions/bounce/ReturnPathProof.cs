using MailPace.Contracts;
using MailPace.Mail.Bounces;
using MailPace.Mail.ReturnPaths;

namespace MailPace.Bounce;

/// <summary>
/// Which jobs a report may speak of. The code in a return-path of ours is the only proof: the address that the report came to, or, for a
/// feedback report, the one in what it returns. Whatever else a report says, anybody can write.
/// </summary>
internal sealed class ReturnPathProof(ReturnPathIssuer issuer)
{
    private const int MaxPaths = 100;

    public IReadOnlyList<IssuedReturnPath> Of(InboundMessage message, IncomingReport report)
        => [.. Addresses(message, report).Take(MaxPaths).Select(Verify).OfType<IssuedReturnPath>().Distinct()];

    private static IEnumerable<string> Addresses(InboundMessage message, IncomingReport report)
        => message.Kind switch
        {
            InboundKind.Bounce => message.Recipients.Select(recipient => recipient.Address),
            InboundKind.FeedbackReport when report.Kind == ReportKind.Feedback => Returned(report),
            InboundKind.FeedbackReport or InboundKind.Mail => [],
        };

    private static IEnumerable<string> Returned(IncomingReport report)
        => new[] { report.OriginalReversePath }.OfType<string>()
            .Concat((report.Returned?.All("Return-Path") ?? []).Select(path => path.Trim('<', '>', ' ')));

    private IssuedReturnPath? Verify(string address) => issuer.TryVerify(address, out var path) ? path : null;
}
