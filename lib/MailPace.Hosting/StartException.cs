namespace MailPace.Hosting;

/// <summary>The process can't start, for a reason that the operator can act on; the message is for them.</summary>
public sealed class StartException : Exception
{
    public StartException()
    {
    }

    public StartException(string message)
        : base(message)
    {
    }

    public StartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
