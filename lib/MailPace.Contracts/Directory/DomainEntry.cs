namespace MailPace.Contracts.Directory;

/// <summary>A sending domain.</summary>
public sealed record DomainEntry
{
    public required long Id { get; init; }

    public required long OrganisationId { get; init; }

    /// <summary>A-label in lower case.</summary>
    public required string Name { get; init; }

    public required bool DkimVerified { get; init; }

    /// <summary>The CNAME <c>mailer.&lt;domain&gt;</c> was seen: the return-path is issued there.</summary>
    public required bool AdvancedVerified { get; init; }
}
