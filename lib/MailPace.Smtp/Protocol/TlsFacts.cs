using System.Net.Security;
using System.Security.Authentication;
using MailPace.Contracts;

namespace MailPace.Smtp.Protocol;

/// <summary>How a conversation was protected.</summary>
/// <param name="Version">Such as <c>TLSv1.3</c>.</param>
/// <param name="Cipher">The cipher suite's IANA name.</param>
/// <param name="Fault">What is wrong with the certificate; null if it proves what was demanded, or, by opportunistic TLS, chains to a known root and names the host.</param>
internal sealed record TlsFacts(string Version, string Cipher, TlsFault? Fault)
{
    public static TlsFacts Of(SslStream stream, TlsFault? fault)
        => new(NameOf(stream.SslProtocol), stream.NegotiatedCipherSuite.ToString(), fault);

    public override string ToString() => Fault is null ? $"{Version} {Cipher}" : $"{Version} {Cipher} (untrusted certificate)";

    private static string NameOf(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLSv1.2",
        SslProtocols.Tls13 => "TLSv1.3",
        var other => other.ToString(),
    };
}
