namespace MailPace.Contracts.Directory;

/// <summary>An API token in the bucket <c>directory</c>, under the SHA-256 of its secret.</summary>
public sealed record TokenEntry
{
    public required long Id { get; init; }

    public required long OrganisationId { get; init; }

    /// <summary>The domain it sends for; absent for an organisation token.</summary>
    public long? DomainId { get; init; }

    public required string Name { get; init; }
}
