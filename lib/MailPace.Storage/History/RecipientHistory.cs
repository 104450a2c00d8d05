using MailPace.Contracts;

namespace MailPace.Storage.History;

/// <summary>Where one recipient of an email stands.</summary>
public sealed record RecipientHistory
{
    public required int Ordinal { get; init; }

    public required string Address { get; init; }

    public required RecipientKind Kind { get; init; }

    public required int JobNumber { get; init; }

    public required RecipientState State { get; init; }

    /// <summary>The last attempt whose outcome is recorded; 0 before the first.</summary>
    public required int Attempt { get; init; }

    public required DateTimeOffset StateAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public int? ReplyCode { get; init; }

    public string? ReplyEnhanced { get; init; }

    /// <summary>The remote's words; untrusted.</summary>
    public string? ReplyText { get; init; }

    /// <summary>What the reply means; absent when it's positive.</summary>
    public FaultOwner? FaultOwner { get; init; }

    public FaultReason? FaultReason { get; init; }

    public FaultPermanence? FaultPermanence { get; init; }
}
