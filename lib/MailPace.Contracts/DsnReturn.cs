namespace MailPace.Contracts;

/// <summary>How much of the message a DSN about its failure should return (RFC 3461 §4.3).</summary>
public enum DsnReturn
{
    Full,
    Headers,
}
