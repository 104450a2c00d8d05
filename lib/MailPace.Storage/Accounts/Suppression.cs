namespace MailPace.Storage.Accounts;

/// <summary>An address that a domain doesn't send to.</summary>
public sealed record Suppression
{
    public required long DomainId { get; init; }

    /// <summary>Lower case: an address is suppressed in any spelling.</summary>
    public required string Address { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
