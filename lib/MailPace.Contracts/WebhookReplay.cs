namespace MailPace.Contracts;

/// <summary>Asks <c>webhook</c> to post past events of a domain to one of its endpoints once more.</summary>
public sealed record WebhookReplay
{
    public required string Id { get; init; }

    public required long DomainId { get; init; }

    public required long EndpointId { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    /// <summary>Names of events; empty: those that the endpoint wants.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public long? EmailId { get; init; }
}
