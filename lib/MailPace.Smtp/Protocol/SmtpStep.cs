namespace MailPace.Smtp.Protocol;

/// <summary>Where in a conversation a reply came, or failed to come.</summary>
public enum SmtpStep
{
    /// <summary>Looking up where to connect.</summary>
    Resolve,
    Connect,
    Greeting,
    Hello,
    StartTls,
    TlsHandshake,
    Reset,
    Mail,
    Recipient,
    Data,

    /// <summary>The message itself, before the final dot.</summary>
    Content,

    /// <summary>After the final dot.</summary>
    EndOfData,
}
