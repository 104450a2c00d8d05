using MailPace.Contracts;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Bounces;

/// <summary>
/// Understands what came to a return-path or feedback address: delivery status notifications (RFC 3464) and what servers send instead,
/// feedback reports (RFC 5965) and what providers send instead, automatic answers. It believes nothing: whom a report is
/// about, and whether it may count, is for the caller to know by the address that it came to.
/// </summary>
public static class ReportReader
{
    private static readonly string[] Daemons = ["mailer-daemon", "mailer_daemon", "mail-daemon", "postmaster", "post_master", "maildaemon", "mdaemon", "bounce", "no-reply", "noreply", "-admin@"];

    private static readonly string[] Subjects =
    [
        "undeliver", "returned mail", "returned to sender", "delivery", "failure notice", "mail system error", "delivery failed", "could not be delivered", "could not send", "mail failure", "failed",
        "returning message", "return", "bounce", "not delivered", "unzustellbar", "non remis", "non-remis", "no entregado", "unknown user", "user unknown", "mail error", "wasn't delivered", "are not member", "loop alert",
    ];

    private static readonly string[] Delays =
    [
        "has been delayed", "is delayed", "been delayed", "will be retried", "still being retried", "warning message only", "warning only", "temporary failure report", "not need to resend", "not need to re-send",
        "will continue to try", "keep trying", "will be attempted", "delivery attempts will continue", "will keep trying",
    ];

    /// <param name="content">The MIME; its first 256 KiB count.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IncomingReport> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        if (await ReportParts.ReadAsync(content, cancellationToken) is not { } parts)
        {
            return IncomingReport.None;
        }

        if (NotificationReports.Find(parts) is { } notified)
        {
            return notified;
        }

        if (FeedbackReports.Find(parts) is { } feedback)
        {
            return feedback;
        }

        if (StatusReports.Find(parts) is { Count: > 0 } standard)
        {
            return Of(parts, standard);
        }

        if (AutoReplies.Is(parts))
        {
            return IncomingReport.AutoReply;
        }

        return IsFromDaemon(parts) ? Of(parts, Worded(parts)) : IncomingReport.None;
    }

    private static IncomingReport Of(ReportParts parts, IReadOnlyList<ReportedRecipient> recipients)
        => recipients.Count == 0 ? IncomingReport.None : new IncomingReport(ReportKind.DeliveryStatus) { Recipients = recipients, Returned = parts.Returned };

    private static bool IsFromDaemon(ReportParts parts)
    {
        var from = parts.Header("From") ?? "";
        var subject = parts.Message.Subject ?? "";
        return parts.Header("X-Failed-Recipients") is not null
            || parts.Header("Return-Path") is "<>"
            || Array.Exists(Daemons, name => from.Contains(name, StringComparison.OrdinalIgnoreCase))
            || Array.Exists(Subjects, words => subject.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    private static IReadOnlyList<ReportedRecipient> Worded(ReportParts parts)
    {
        var words = new ReportWords(ReturnedText.Before(parts.Words));
        var isDelay = IsDelay(words.Text, parts.Message.Subject ?? "");
        var found = words.Entries;

        // Some greet the sender by address.
        var readers = AddressText.All(parts.Header("To") ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (parts.Header("X-Failed-Recipients") is not null || found.Count > 1)
        {
            found = [.. found.Where(entry => !readers.Contains(entry.Address)) is var others && others.Any() ? others : parts.Header("X-Failed-Recipients") is null ? found : []];
        }

        if (found.Count == 0)
        {
            found = [.. Fallback(parts).Select(address => (address, ""))];
        }

        return [.. found.Select(entry => StatusReports.Recipient(
            entry.Address,
            original: null,
            isDelay ? ReportedAction.Delayed : ReportedAction.Failed,
            status: null,
            entry.Words.Length > 0 && (found.Count > 1 || HasReason(entry.Words)) ? entry.Words : words.Text,
            words,
            remoteHost: null))];
    }

    /// <summary>Some reports name the address below the reason, and an address alone behind it.</summary>
    private static bool HasReason(string words)
        => ReplyClassifier.Classify(0, null, words, ReplyStage.Unknown).Reason != FaultReason.Unknown || ReplyWords.Of(words, null).Code > 0;

    internal static bool IsDelay(string words, string subject)
        => subject.Contains("(delay)", StringComparison.OrdinalIgnoreCase) || subject.Contains("delayed", StringComparison.OrdinalIgnoreCase)
            || Array.Exists(Delays, delay => words.Contains(delay, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Fallback(ReportParts parts)
    {
        if (parts.Header("X-Failed-Recipients") is { } failed)
        {
            return AddressText.All(failed).Distinct(StringComparer.OrdinalIgnoreCase).Take(1000);
        }

        return AddressText.All(parts.Returned?["To"] ?? "").Take(1);
    }
}
