using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPace.SmtpEdge.Session;

/// <summary>Certificates by the names in them: the exact name, then the wildcard of its domain (RFC 9525 §6.3: for one whole label), then the first certificate.</summary>
internal sealed class CertificateTable
{
    private readonly FrozenDictionary<string, SslServerAuthenticationOptions> _byName;
    private readonly SslServerAuthenticationOptions _default;

    public CertificateTable(SslStreamCertificateContext[] contexts)
    {
        Contexts = contexts;
        var options = Array.ConvertAll(contexts, OptionsFor);
        _default = options[0];
        var byName = new Dictionary<string, SslServerAuthenticationOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in options)
        {
            foreach (var name in NamesIn(one.ServerCertificateContext!.TargetCertificate))
            {
                byName.TryAdd(name, one);
            }
        }

        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public SslStreamCertificateContext[] Contexts { get; }

    public SslServerAuthenticationOptions For(string serverName)
    {
        if (_byName.Count == 0 || serverName.Length == 0 || serverName[0] == '*')
        {
            return _default;
        }

        if (_byName.TryGetValue(serverName, out var exact))
        {
            return exact;
        }

        var dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byName.TryGetValue($"*{serverName[dot..]}", out var wildcard) ? wildcard : _default;
    }

    private static IEnumerable<string> NamesIn(X509Certificate2 certificate)
    {
        try
        {
            return [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames())];
        }
        catch (CryptographicException)
        {
            return []; // what can't be read names nobody; the certificate may still be the default
        }
    }

    private static SslServerAuthenticationOptions OptionsFor(SslStreamCertificateContext context) => new()
    {
        ServerCertificateContext = context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateRequired = false,
        AllowRenegotiation = false,
    };
}
