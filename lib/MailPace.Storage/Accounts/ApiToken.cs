using MailPace.Contracts.Directory;

namespace MailPace.Storage.Accounts;

/// <summary>An API token without its secret, which is shown once and kept nowhere.</summary>
public sealed record ApiToken
{
    public required long Id { get; init; }

    public required long OrganisationId { get; init; }

    /// <summary>The domain it sends for; absent for an organisation token.</summary>
    public long? DomainId { get; init; }

    public required string Name { get; init; }

    public required string SecretHash { get; init; }

    /// <summary>The secret's last characters, to tell tokens apart; absent for old ones.</summary>
    public string? Hint { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    internal TokenEntry ToEntry() => new() { Id = Id, OrganisationId = OrganisationId, DomainId = DomainId, Name = Name };
}
