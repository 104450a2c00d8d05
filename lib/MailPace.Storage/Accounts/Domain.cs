using MailPace.Contracts.Directory;

namespace MailPace.Storage.Accounts;

/// <summary>A sending domain of an organisation.</summary>
public sealed record Domain
{
    public required long Id { get; init; }

    public required long OrganisationId { get; init; }

    /// <summary>A-label in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Where its website is, as its owner says.</summary>
    public string? Url { get; init; }

    public required bool DkimVerified { get; init; }

    public required bool AdvancedVerified { get; init; }

    /// <summary>The operator takes DKIM for published, whatever DNS says; for tests with the sandbox.</summary>
    public required bool DkimVouched { get; init; }

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
