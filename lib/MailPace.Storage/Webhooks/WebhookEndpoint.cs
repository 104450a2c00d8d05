using MailPace.Contracts.Directory;

namespace MailPace.Storage.Webhooks;

/// <summary>Where a domain's events are posted to.</summary>
public sealed record WebhookEndpoint
{
    public required long Id { get; init; }

    public required long DomainId { get; init; }

    public required string Url { get; init; }

    /// <summary>Names of the events that it wants; empty: all.</summary>
    public required string[] Events { get; init; }

    public required string SealedSecret { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Since when no attempt has succeeded.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>How many failed since.</summary>
    public required int Failures { get; init; }

    public DateTimeOffset? PausedAt { get; init; }

    public string? PausedReason { get; init; }

    internal WebhookEndpointEntry ToEntry() => new()
    {
        Id = Id,
        Url = Url,
        Events = Events,
        SealedSecret = SealedSecret,
        IsPaused = PausedAt is not null,
        CreatedAt = CreatedAt,
    };
}
