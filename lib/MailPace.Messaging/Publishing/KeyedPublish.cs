namespace MailPace.Messaging.Publishing;

/// <summary>What became of an email with an idempotency key.</summary>
public abstract record KeyedPublish
{
    private KeyedPublish()
    {
    }

    /// <summary>It is the first with this key, and on disk.</summary>
    public sealed record Stored(StoredAt At) : KeyedPublish;

    /// <summary>The key was used before.</summary>
    /// <param name="EmailId">The email that has it.</param>
    /// <param name="IsSameRequest">The request hash is the same.</param>
    public sealed record Repeat(long EmailId, bool IsSameRequest) : KeyedPublish;
}
