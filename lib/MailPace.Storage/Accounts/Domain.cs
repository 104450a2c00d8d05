using MailPace.Contracts.Directory;

namespace MailPace.Storage.Accounts;

/// <summary>A sending domain of an organisation.</summary>
public sealed record Domain
{
    public required long Id { get; init; }

    public required long OrganisationId { get; init; }

    /// <summary>A-label in lower case.</summary>
    public required string Name { get; init; }

    public required bool DkimVerified { get; init; }

    public required bool AdvancedVerified { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    internal DomainEntry ToEntry() => new()
    {
        Id = Id,
        OrganisationId = OrganisationId,
        Name = Name,
        DkimVerified = DkimVerified,
        AdvancedVerified = AdvancedVerified,
    };
}
