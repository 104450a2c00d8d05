using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MailPace.Hosting.Listening;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// The certificate that listeners show, TLS 1.2 and 1.3 only. Asked at each handshake, so that a renewed certificate
/// shows in new sessions and ends none.
/// </summary>
public sealed class TlsCertificates
{
    private readonly Func<SslStreamCertificateContext> _current;
    private volatile SslServerAuthenticationOptions _options;

    private TlsCertificates(Func<SslStreamCertificateContext> current)
    {
        _current = current;
        _options = OptionsFor(current());
    }

    internal SslServerAuthenticationOptions Options
    {
        get
        {
            var current = _current();
            if (_options.ServerCertificateContext != current)
            {
                _options = OptionsFor(current);
            }

            return _options;
        }
    }

    /// <summary>PEM files that may be replaced while the server runs.</summary>
    public static TlsCertificates FromFile(CertificateFile file) => new(() => file.Current);

    /// <param name="certificate">A certificate with its private key.</param>
    /// <param name="chain">The certificates that lead to its root.</param>
    public static TlsCertificates FromCertificate(X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        var context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return new TlsCertificates(() => context);
    }

    private static SslServerAuthenticationOptions OptionsFor(SslStreamCertificateContext context) => new()
    {
        ServerCertificateContext = context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateRequired = false,
        AllowRenegotiation = false,
    };
}
