namespace MailPace.Contracts.Directory;

/// <summary>Where a domain's events are posted to.</summary>
public sealed record WebhookEndpointEntry
{
    public required long Id { get; init; }

    public required string Url { get; init; }

    /// <summary>Names of the events that it wants, such as <c>email.bounced</c>; empty: all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Secret of its Standard Webhooks signature, sealed, base64.</summary>
    public required string SealedSecret { get; init; }

    /// <summary>Nothing is posted; what would be is kept.</summary>
    public bool IsPaused { get; init; }

    /// <summary>What happened before is not posted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public bool Wants(string name) => Events.Count == 0 || Events.Contains(name);
}
