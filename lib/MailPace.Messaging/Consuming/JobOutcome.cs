namespace MailPace.Messaging.Consuming;

/// <summary>What a handler says of a message; the driver translates to acknowledgements, or to HTTP.</summary>
public abstract record JobOutcome
{
    private JobOutcome()
    {
    }

    /// <summary>Its effects are durable: acknowledge, or 200.</summary>
    public static JobOutcome Done { get; } = new Completed();

    public sealed record Completed : JobOutcome;

    /// <summary>Not now: nak with delay, or 503 with Retry-After.</summary>
    public sealed record RetryAfter(TimeSpan Delay, string Reason) : JobOutcome;

    /// <summary>Never: to the dead letters with its reason, or 422.</summary>
    public sealed record Discard(string Reason) : JobOutcome;
}
