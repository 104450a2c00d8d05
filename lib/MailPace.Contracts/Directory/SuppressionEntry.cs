namespace MailPace.Contracts.Directory;

/// <summary>An address that a domain doesn't send to; the key holds the address hashed.</summary>
public sealed record SuppressionEntry
{
    public required long DomainId { get; init; }

    public required string Reason { get; init; }
}
