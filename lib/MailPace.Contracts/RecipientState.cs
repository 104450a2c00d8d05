namespace MailPace.Contracts;

/// <summary>States of a recipient. Final ones are everything but <see cref="Queued"/> and <see cref="Deferred"/>.</summary>
public enum RecipientState
{
    Queued,
    Deferred,
    Delivered,
    Bounced,
    Expired,
    Suppressed,
    Complained,
    Spam,
}
