using MailPace.Contracts;

namespace MailPace.Smtp.Security;

internal static class TlsFaultWords
{
    public static string Of(TlsFault fault) => fault switch
    {
        TlsFault.StartTlsNotSupported => "STARTTLS isn't offered",
        TlsFault.CertificateHostMismatch => "the certificate is for another name",
        TlsFault.CertificateExpired => "the certificate has expired or isn't valid yet",
        TlsFault.CertificateNotTrusted => "the certificate isn't from a trusted authority",
        TlsFault.ValidationFailure => "the certificate isn't the one that TLSA records name",
        TlsFault.TlsaInvalid => "the TLSA records are invalid",
        TlsFault.DnssecInvalid => "DNSSEC validation failed",
        TlsFault.StsPolicyFetchError => "the MTA-STS policy can't be fetched",
        TlsFault.StsPolicyInvalid => "the MTA-STS policy is invalid",
        TlsFault.StsWebPkiInvalid => "the MTA-STS policy's host has no valid certificate",
    };
}
