namespace MailPace.Storage.Accounts;

/// <summary>A token to be added; the caller keeps the secret, here is its hash.</summary>
public sealed record NewApiToken
{
    public required long OrganisationId { get; init; }

    /// <summary>The domain it sends for; absent for an organisation token.</summary>
    public long? DomainId { get; init; }

    public required string Name { get; init; }

    /// <summary>SHA-256 of the secret, lower-case hex.</summary>
    public required string SecretHash { get; init; }

    /// <summary>The secret's last characters, which may be shown.</summary>
    public string? Hint { get; init; }
}
