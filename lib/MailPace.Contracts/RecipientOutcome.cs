namespace MailPace.Contracts;

/// <summary>What an attempt meant for one recipient.</summary>
public sealed record RecipientOutcome
{
    public required int Ordinal { get; init; }

    public required string Address { get; init; }

    public required RecipientState State { get; init; }

    /// <summary>The reply that decided, or our own words with code 0.</summary>
    public required RemoteReply Reply { get; init; }

    /// <summary>What the reply means; absent when it's positive, and in events of a version before.</summary>
    public DeliveryFault? Fault { get; init; }
}
