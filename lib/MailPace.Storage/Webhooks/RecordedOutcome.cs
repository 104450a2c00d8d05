using MailPace.Contracts;

namespace MailPace.Storage.Webhooks;

/// <summary>What an attempt, or a report, meant for a recipient, from history.</summary>
public sealed record RecordedOutcome
{
    public required long EmailId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int JobNumber { get; init; }

    public required int Attempt { get; init; }

    public required int Ordinal { get; init; }

    public required RecipientState State { get; init; }

    public int? ReplyCode { get; init; }

    public string? ReplyEnhanced { get; init; }

    public string? ReplyText { get; init; }
}
