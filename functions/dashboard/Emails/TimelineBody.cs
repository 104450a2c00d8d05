using MailPace.Contracts;
using MailPace.Storage.History;

namespace MailPace.Dashboard.Emails;

/// <summary>One thing that happened on the way to a recipient.</summary>
internal sealed record TimelineBody
{
    public required DateTimeOffset At { get; init; }

    public required EmailEventKind Event { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The recipient's state after it.</summary>
    public RecipientState? Status { get; init; }

    public ReplyBody? Reply { get; init; }

    public string? RemoteHost { get; init; }

    public string? RemoteAddress { get; init; }

    /// <summary>TLS version and cipher; null where there was none.</summary>
    public string? Tls { get; init; }

    public required int DurationMs { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public string? Reason { get; init; }

    public static TimelineBody Of(TimelineEntry entry) => new()
    {
        At = entry.At,
        Event = entry.Kind,
        Attempt = entry.Attempt,
        Status = entry.State,
        Reply = ReplyBody.Of(entry.ReplyCode, entry.ReplyEnhanced, entry.ReplyText),
        RemoteHost = entry.RemoteHost,
        RemoteAddress = entry.RemoteAddress,
        Tls = entry.Tls,
        DurationMs = entry.DurationMs,
        NextAttemptAt = entry.NextAttemptAt,
        Reason = entry.Reason,
    };
}
