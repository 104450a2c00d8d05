using System.Net.Security;
using System.Security.Authentication;

namespace MailPace.SmtpEdge.Session;

/// <summary>What was negotiated.</summary>
/// <param name="Protocol">TLS version.</param>
/// <param name="CipherSuite">Cipher suite.</param>
/// <param name="ServerName">The name that the client asked for (SNI), when it did.</param>
public sealed record TlsFacts(SslProtocols Protocol, TlsCipherSuite CipherSuite, string? ServerName)
{
    /// <summary>The version as Received fields and logs name it.</summary>
    public string Version => Protocol switch
    {
        SslProtocols.Tls13 => "TLS1.3",
        SslProtocols.Tls12 => "TLS1.2",
        _ => Protocol.ToString(),
    };

    public override string ToString() => $"{Version} {CipherSuite}";
}
