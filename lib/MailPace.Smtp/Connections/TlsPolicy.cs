namespace MailPace.Smtp.Connections;

/// <summary>What a destination asks of TLS.</summary>
public enum TlsPolicy
{
    /// <summary>STARTTLS where it's offered, with whatever certificate; in clear where it fails (RFC 7435).</summary>
    Opportunistic,

    /// <summary>In clear, also where STARTTLS is offered.</summary>
    None,
}
