using System.Net.Security;
using System.Security.Authentication;

namespace MailPace.Smtp.Protocol;

/// <summary>How a conversation was protected.</summary>
/// <param name="Version">Such as <c>TLSv1.3</c>.</param>
/// <param name="Cipher">The cipher suite's IANA name.</param>
/// <param name="IsTrusted">The certificate chains to a known root and names the host; opportunistic TLS doesn't ask for that.</param>
internal sealed record TlsFacts(string Version, string Cipher, bool IsTrusted)
{
    public static TlsFacts Of(SslStream stream, bool isTrusted)
        => new(NameOf(stream.SslProtocol), stream.NegotiatedCipherSuite.ToString(), isTrusted);

    public override string ToString() => IsTrusted ? $"{Version} {Cipher}" : $"{Version} {Cipher} (untrusted certificate)";

    private static string NameOf(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLSv1.2",
        SslProtocols.Tls13 => "TLSv1.3",
        var other => other.ToString(),
    };
}
