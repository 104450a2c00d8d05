using System.Globalization;
using MailPace.Contracts;
using MailPace.Mail.Webhooks;
using MailPace.Storage.Webhooks;

namespace MailPace.Webhook.Making;

/// <summary>One event as customers are told it.</summary>
internal sealed record HookEvent
{
    /// <summary>Made of what it's about, so that it's the same whenever and wherever it's made.</summary>
    public required string Id { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Absent for what concerns the email as a whole.</summary>
    public string? Recipient { get; init; }

    public RemoteReply? Reply { get; init; }

    public int? Attempt { get; init; }

    public string Name => "email." + Status;

    public static HookEvent Queued(long emailId, DateTimeOffset acceptedAt)
        => new() { Id = string.Create(CultureInfo.InvariantCulture, $"evt_{emailId}_queued"), Status = "queued", At = acceptedAt };

    public static HookEvent Of(EmailEvent emailEvent, RecipientOutcome outcome) => new()
    {
        Id = IdOf(emailEvent.EmailId, emailEvent.JobNumber, emailEvent.Attempt, outcome.Ordinal, outcome.State),
        Status = WebhookEvents.StatusOf(outcome.State),
        At = emailEvent.At,
        Recipient = outcome.Address,
        Reply = outcome.Reply,
        Attempt = emailEvent.Attempt,
    };

    public static HookEvent Of(RecordedEmail email, RecordedOutcome outcome) => new()
    {
        Id = IdOf(email.Id, outcome.JobNumber, outcome.Attempt, outcome.Ordinal, outcome.State),
        Status = WebhookEvents.StatusOf(outcome.State),
        At = outcome.At,
        Recipient = outcome.Ordinal < email.Recipients.Count ? email.Recipients[outcome.Ordinal].Address : null,
        Reply = new RemoteReply(outcome.ReplyCode ?? 0, outcome.ReplyEnhanced, outcome.ReplyText ?? ""),
        Attempt = outcome.Attempt,
    };

    private static string IdOf(long emailId, int jobNumber, int attempt, int ordinal, RecipientState state)
        => string.Create(CultureInfo.InvariantCulture, $"evt_{emailId}_{jobNumber}_{attempt}_{ordinal}_{state}").ToLowerInvariant();
}
