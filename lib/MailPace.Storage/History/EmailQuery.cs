using MailPace.Contracts;

namespace MailPace.Storage.History;

/// <summary>Which emails to list, newest first.</summary>
public sealed record EmailQuery
{
    public long? DomainId { get; init; }

    /// <summary>At least one recipient is in this state.</summary>
    public RecipientState? State { get; init; }

    /// <summary>At least one recipient has this address, compared without case.</summary>
    public string? Recipient { get; init; }

    /// <summary>Accepted at or after; also spares PostgreSQL the days before.</summary>
    public DateTimeOffset? Since { get; init; }

    public int Limit { get; init; } = 50;
}
