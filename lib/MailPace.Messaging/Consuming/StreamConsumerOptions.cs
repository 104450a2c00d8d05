namespace MailPace.Messaging.Consuming;

/// <summary>What a consumer takes, and how much of it at once.</summary>
public sealed record StreamConsumerOptions
{
    public required string Stream { get; init; }

    /// <summary>Name of the durable consumer; the topology makes it.</summary>
    public required string Consumer { get; init; }

    /// <summary>Messages handled at the same time.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Messages fetched ahead of the handlers; the server's ack wait runs for them too.</summary>
    public required int Prefetch { get; init; }

    /// <summary>Deliveries after which a message whose handler throws goes to the dead letters.</summary>
    public int MaxDeliveries { get; init; } = 20;

    /// <summary>How long what is in flight may take when the process stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
