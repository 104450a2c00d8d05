using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailPace.Hosting.Listening;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// The certificates that listeners show, TLS 1.2 and 1.3 only. Asked at each handshake, so that a renewed certificate shows
/// in new sessions and ends none.
/// </summary>
public sealed class TlsCertificates
{
    private readonly Func<SslStreamCertificateContext>[] _sources;
    private volatile CertificateTable _table;

    private TlsCertificates(Func<SslStreamCertificateContext>[] sources)
    {
        _sources = sources;
        _table = new CertificateTable(Contexts());
    }

    /// <summary>The certificates in use now, the default first.</summary>
    internal IEnumerable<X509Certificate2> All => Table.Contexts.Select(static context => context.TargetCertificate);

    private CertificateTable Table
    {
        get
        {
            var contexts = Contexts();
            if (!contexts.AsSpan().SequenceEqual(_table.Contexts))
            {
                _table = new CertificateTable(contexts);
            }

            return _table;
        }
    }

    /// <summary>PEM files that may be replaced while the server runs; the first is for clients that name no host, or one that no certificate has.</summary>
    public static TlsCertificates FromFiles(IEnumerable<CertificateFile> files) => new([.. files.Select(static file => (Func<SslStreamCertificateContext>)(() => file.Current))]);

    /// <param name="certificate">A certificate with its private key.</param>
    /// <param name="chain">The certificates that lead to its root.</param>
    public static TlsCertificates FromCertificate(X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        var context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return new TlsCertificates([() => context]);
    }

    /// <param name="serverName">What the client asked for (SNI); empty when it didn't.</param>
    internal SslServerAuthenticationOptions For(string serverName) => Table.For(serverName);

    /// <summary>Looks whether files have changed, so that it is noticed, and logged, without a handshake too.</summary>
    internal void Refresh() => _ = Table;

    private SslStreamCertificateContext[] Contexts() => Array.ConvertAll(_sources, static source => source());
}
