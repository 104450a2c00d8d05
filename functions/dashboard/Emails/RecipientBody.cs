using MailPace.Contracts;
using MailPace.Storage.History;

namespace MailPace.Dashboard.Emails;

/// <summary>Where one recipient stands, and all that happened on the way.</summary>
internal sealed record RecipientBody
{
    public required string Address { get; init; }

    public required RecipientKind Kind { get; init; }

    public required RecipientState Status { get; init; }

    public required DateTimeOffset StatusAt { get; init; }

    public required int Attempts { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The latest.</summary>
    public ReplyBody? Reply { get; init; }

    public required IReadOnlyList<TimelineBody> Timeline { get; init; }

    public static RecipientBody Of(RecipientHistory recipient, IEnumerable<TimelineEntry> timeline) => new()
    {
        Address = recipient.Address,
        Kind = recipient.Kind,
        Status = recipient.State,
        StatusAt = recipient.StateAt,
        Attempts = recipient.Attempt,
        NextAttemptAt = recipient.NextAttemptAt,
        Reply = ReplyBody.Of(recipient.ReplyCode, recipient.ReplyEnhanced, recipient.ReplyText),
        Timeline = [.. timeline
            .Where(entry => entry.Ordinal == recipient.Ordinal || (entry.Ordinal is null && entry.JobNumber == recipient.JobNumber))
            .Select(TimelineBody.Of)],
    };
}
