namespace MailPace.Smtp.Security;

/// <summary>What a conversation's TLS has to prove, the more the higher.</summary>
public enum TlsLevel
{
    /// <summary>In clear, also where STARTTLS is offered.</summary>
    Clear,

    /// <summary>STARTTLS where it's offered, with whatever certificate; in clear where it fails (RFC 7435).</summary>
    Opportunistic,

    /// <summary>TLS with whatever certificate; never in clear.</summary>
    Encrypted,

    /// <summary>TLS with a certificate that a known authority issued for the host's name.</summary>
    Verified,

    /// <summary>TLS with a certificate that the host's TLSA records name (RFC 7672).</summary>
    Dane,
}
