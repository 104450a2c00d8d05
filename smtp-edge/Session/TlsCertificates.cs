using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MailPace.SmtpEdge.Session;

/// <summary>The certificate that listeners show, TLS 1.2 and 1.3 only.</summary>
public sealed class TlsCertificates : IDisposable
{
    private readonly X509Certificate2 _certificate;

    /// <param name="certificate">The certificate with its private key.</param>
    /// <param name="chain">The certificates that lead to its root.</param>
    public TlsCertificates(X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        _certificate = certificate;
        Options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = false,
            AllowRenegotiation = false,
        };
    }

    internal SslServerAuthenticationOptions Options { get; }

    /// <param name="certificatePath">PEM file: the certificate first, then its chain.</param>
    /// <param name="keyPath">PEM file of the private key; absent: it is in <paramref name="certificatePath"/>.</param>
    public static TlsCertificates FromPemFiles(string certificatePath, string? keyPath)
    {
        var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath ?? certificatePath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificatePath);
        return new TlsCertificates(certificate, chain);
    }

    public void Dispose() => _certificate.Dispose();
}
