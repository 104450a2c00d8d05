namespace MailPace.Dashboard.Setup;

/// <summary>DNS gave no answer that says anything about the name; the message is for whoever asked.</summary>
public sealed class DnsUnavailableException : Exception
{
    public DnsUnavailableException()
    {
    }

    public DnsUnavailableException(string message)
        : base(message)
    {
    }

    public DnsUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
