using MailPace.Contracts.Directory;

namespace MailPace.Storage.Suppressing;

/// <summary>An address in a Block or Allow List, and why.</summary>
public sealed record Suppression
{
    public required long Id { get; init; }

    /// <summary>The domain whose list it is; absent for a whole organisation's.</summary>
    public long? DomainId { get; init; }

    public long? OrganisationId { get; init; }

    /// <summary>Lower case: an address is listed in any spelling.</summary>
    public required string Address { get; init; }

    /// <summary><c>bounced</c>, <c>complained</c>, or what someone gave.</summary>
    public required string Reason { get; init; }

    public int? ReplyCode { get; init; }

    public string? ReplyEnhanced { get; init; }

    /// <summary>What the remote said: untrusted text.</summary>
    public string? ReplyText { get; init; }

    /// <summary>The email whose event put it here.</summary>
    public long? EmailId { get; init; }

    /// <summary>Name of that event, as webhooks name it.</summary>
    public string? Event { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it leaves the list by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public ListOwner Owner => DomainId is { } domain ? ListOwner.OfDomain(domain) : ListOwner.OfOrganisation(OrganisationId!.Value);
}
