namespace MailPace.Smtp.Security;

/// <summary>A TLSA record (RFC 6698 §2).</summary>
/// <param name="Usage">2: a trust anchor, 3: the host's own certificate; others don't apply to SMTP (RFC 7672 §3.1.3).</param>
/// <param name="Selector">0: the certificate, 1: its public key.</param>
/// <param name="Matching">0: as it is, 1: SHA-256, 2: SHA-512.</param>
/// <param name="Data">Hexadecimal.</param>
internal readonly record struct Tlsa(int Usage, int Selector, int Matching, string Data)
{
    /// <summary>We can compare it. What isn't usable counts as absent, but for the encryption that it asks for.</summary>
    public bool IsUsable => Usage is 2 or 3 && Selector is 0 or 1 && Data.Length == Matching switch { 1 => 64, 2 => 128, 0 when Data.Length > 0 => Data.Length, _ => -1 };

    public override string ToString() => $"{Usage} {Selector} {Matching} {Data}";
}
