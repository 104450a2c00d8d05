namespace MailPace.Messaging.Publishing;

/// <summary>
/// JetStream didn't confirm that something is on disk in time, or refused it. Transient. For what was already under way it's not
/// known whether it is stored: the caller must say that nothing was accepted, and a repeat may then be a second email, unless
/// it carries an idempotency key.
/// </summary>
public sealed class NotDurableException : Exception
{
    public NotDurableException(string message)
        : base(message)
    {
    }

    public NotDurableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
