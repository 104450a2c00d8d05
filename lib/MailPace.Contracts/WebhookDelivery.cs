namespace MailPace.Contracts;

/// <summary>One event on its way to one endpoint, as it stands in WEBHOOKS before its body. Additive change only.</summary>
public sealed record WebhookDelivery
{
    public required long EndpointId { get; init; }

    public required long DomainId { get; init; }

    public required long EmailId { get; init; }

    /// <summary>The same at each attempt, at each replay, and at each endpoint.</summary>
    public required string EventId { get; init; }

    /// <summary>Name of the event, such as <c>email.delivered</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Number of the attempt that this asks for, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it was first put into WEBHOOKS: the retries' horizon counts from here.</summary>
    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>The replay that asked for it; absent for the first time.</summary>
    public string? ReplayId { get; init; }

    /// <summary>Where the body is when it's too large for a message.</summary>
    public string? BlobKey { get; init; }

    /// <summary>It may have been made, and delivered, before: the log of attempts is asked first.</summary>
    public bool MayRepeat { get; init; }
}
