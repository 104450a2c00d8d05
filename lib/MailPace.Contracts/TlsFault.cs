namespace MailPace.Contracts;

/// <summary>Why TLS didn't come about as a policy wants it: the result types of RFC 8460 §4.3.</summary>
public enum TlsFault
{
    StartTlsNotSupported,
    CertificateHostMismatch,
    CertificateExpired,
    CertificateNotTrusted,

    /// <summary>Anything else that went wrong with the handshake or the policy.</summary>
    ValidationFailure,

    TlsaInvalid,
    DnssecInvalid,
    StsPolicyFetchError,
    StsPolicyInvalid,
    StsWebPkiInvalid,
}
