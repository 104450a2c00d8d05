namespace MailPace.Messaging.Consuming;

/// <summary>What a consumer takes, and how much of it at once.</summary>
public sealed record StreamConsumerOptions
{
    public required string Stream { get; init; }

    /// <summary>Name of the durable consumer; the topology makes it.</summary>
    public required string Consumer { get; init; }

    /// <summary>Messages handled at the same time.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Messages that wait here for a handler.</summary>
    public required int Prefetch { get; init; }

    /// <summary>Deliveries after which a message whose handler throws goes to the dead letters; with the growing pauses, 30 are an hour and a half.</summary>
    public int MaxDeliveries { get; init; } = 30;

    /// <summary>How long what is in flight may take when the process stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
