namespace MailPace.Smtp.Security;

/// <summary>What TLS with a host has to prove; a part of a connection's identity, so that nobody reuses one that proved less.</summary>
/// <param name="Level">How much.</param>
/// <param name="Name">The name that is asked for (SNI), and that a verified certificate has to show.</param>
internal sealed record TlsDemand(TlsLevel Level, string Name)
{
    /// <summary>With <see cref="TlsLevel.Dane"/>: what the certificate has to match.</summary>
    public TlsaSet? Tlsa { get; init; }

    /// <summary>Another name that a certificate under a DANE trust anchor may show: the recipient domain (RFC 7672 §3.2.2).</summary>
    public string? OtherName { get; init; }

    public static TlsDemand Opportunistic(string name) => new(TlsLevel.Opportunistic, name);
}
