namespace MailPace.Contracts.Directory;

/// <summary>Where mail to an inbound host goes: all of <c>*@&lt;host&gt;</c>, if its domain is verified. The key holds the host.</summary>
public sealed record InboundEndpointEntry
{
    public required long Id { get; init; }

    public required long OrganisationId { get; init; }

    /// <summary>The domain that the host is, or is under.</summary>
    public required long DomainId { get; init; }

    /// <summary>Where to POST; may carry <c>user:password@</c>.</summary>
    public required string Url { get; init; }
}
