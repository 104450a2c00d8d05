namespace MailPace.Hosting.Secrets;

/// <summary>A secret is missing or unusable; the message says where it's expected and how to make it.</summary>
public sealed class SecretMissingException : Exception
{
    public SecretMissingException()
    {
    }

    public SecretMissingException(string message)
        : base(message)
    {
    }

    public SecretMissingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
