namespace MailPace.Contracts;

/// <summary>Where a TLS policy comes from, as reports name it (RFC 8460 §4.2).</summary>
public enum TlsPolicyKind
{
    NoPolicyFound,
    Tlsa,
    Sts,
}
