using MailPace.Contracts;

namespace MailPace.Storage.History;

/// <summary>One thing that happened to an email: an outcome of a recipient, or an event of a whole job.</summary>
public sealed record TimelineEntry
{
    public required DateTimeOffset At { get; init; }

    public required EmailEventKind Kind { get; init; }

    public required int JobNumber { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The recipient; absent for what concerns the whole job.</summary>
    public int? Ordinal { get; init; }

    public RecipientState? State { get; init; }

    public int? ReplyCode { get; init; }

    public string? ReplyEnhanced { get; init; }

    /// <summary>The remote's words; untrusted.</summary>
    public string? ReplyText { get; init; }

    /// <summary>What the reply means; absent when it's positive.</summary>
    public FaultOwner? FaultOwner { get; init; }

    public FaultReason? FaultReason { get; init; }

    public FaultPermanence? FaultPermanence { get; init; }

    public string? RemoteHost { get; init; }

    public string? RemoteAddress { get; init; }

    public string? Tls { get; init; }

    /// <summary>What was demanded of TLS, such as <c>dane</c> or <c>mta-sts enforce</c>.</summary>
    public string? TlsPolicy { get; init; }

    public required int DurationMs { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public string? Reason { get; init; }
}
