using MailPace.Contracts.Directory;

namespace MailPace.Storage.Accounts;

/// <summary>Where mail to an inbound host goes.</summary>
public sealed record InboundEndpoint
{
    public required long Id { get; init; }

    public required long OrganisationId { get; init; }

    public required long DomainId { get; init; }

    /// <summary>A-label in lower case.</summary>
    public required string Host { get; init; }

    /// <summary>Where to POST; may carry <c>user:password@</c>.</summary>
    public required string Url { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal InboundEndpointEntry ToEntry() => new() { Id = Id, OrganisationId = OrganisationId, DomainId = DomainId, Url = Url };
}
