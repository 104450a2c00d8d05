using MailPace.Contracts;
using MailPace.Mail.Bounces;
using MailPace.Storage.History;

namespace MailPace.Bounce;

/// <summary>What a proven report means for the recipients of the job that it is about. It can speak of no others.</summary>
internal static class ReportOutcomes
{
    public static IReadOnlyList<RecipientOutcome> Of(IncomingReport report, IReadOnlyList<RecipientHistory> recipients) => report.Kind switch
    {
        ReportKind.DeliveryStatus => [.. report.Recipients.Select(reported => Of(reported, recipients)).OfType<RecipientOutcome>().DistinctBy(outcome => outcome.Ordinal)],
        ReportKind.Feedback when report.IsComplaint => Complaints(report, recipients),
        ReportKind.None or ReportKind.AutoReply or ReportKind.Feedback => [],
    };

    private static RecipientOutcome? Of(ReportedRecipient reported, IReadOnlyList<RecipientHistory> recipients)
    {
        RecipientState? state = reported.Action switch
        {
            ReportedAction.Failed => RecipientState.Bounced,
            ReportedAction.Delayed => RecipientState.Deferred,
            ReportedAction.Delivered or ReportedAction.Relayed or ReportedAction.Expanded => null,
        };
        return state is { } known && Find(recipients, reported.OriginalAddress, reported.Address) is { } recipient
            ? new RecipientOutcome { Ordinal = recipient.Ordinal, Address = recipient.Address, State = known, Reply = reported.Reply, Fault = reported.Fault }
            : null;
    }

    private static IReadOnlyList<RecipientOutcome> Complaints(IncomingReport report, IReadOnlyList<RecipientHistory> recipients)
    {
        var reply = new RemoteReply(0, null, $"feedback report: {report.FeedbackType}");
        var named = report.Complainants.Select(address => Exact(recipients, address)).OfType<RecipientHistory>().DistinctBy(recipient => recipient.Ordinal).ToArray();

        // Providers redact who complained: of a job with one recipient it's known all the same.
        var complaining = named.Length > 0 ? named : recipients.Count == 1 ? [recipients[0]] : [];
        return [.. complaining.Select(recipient => new RecipientOutcome { Ordinal = recipient.Ordinal, Address = recipient.Address, State = RecipientState.Complained, Reply = reply })];
    }

    /// <summary>A forwarded email fails for an address that was never sent to: it belongs to the job's only recipient.</summary>
    private static RecipientHistory? Find(IReadOnlyList<RecipientHistory> recipients, string? original, string address)
        => (original is null ? null : Exact(recipients, original)) ?? Exact(recipients, address) ?? (recipients.Count == 1 ? recipients[0] : null);

    private static RecipientHistory? Exact(IReadOnlyList<RecipientHistory> recipients, string address)
        => recipients.FirstOrDefault(recipient => recipient.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
}
