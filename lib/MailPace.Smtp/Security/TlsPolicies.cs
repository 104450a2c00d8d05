using MailPace.Smtp.Resolution;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Security;

/// <summary>Finds what TLS is asked for mail to a domain.</summary>
internal sealed class TlsPolicies
{
    private readonly DnsLookup _dns;
    private readonly StsPolicies _sts;
    private readonly TlsOptions _options;
    private readonly Dictionary<string, TlsLevel> _levels = new(StringComparer.OrdinalIgnoreCase);

    public TlsPolicies(DnsLookup dns, StsPolicies sts, IOptions<TlsOptions> options)
    {
        _dns = dns;
        _sts = sts;
        _options = options.Value;
        Certificates = CertificateCheck.From(_options);
        foreach (var domain in _options.Domains)
        {
            _levels[domain.Domain.TrimEnd('.')] = domain.Level;
        }
    }

    public CertificateCheck Certificates { get; }

    /// <summary>For mail exchangers, which come from DNS.</summary>
    /// <param name="domain">Whose exchangers they are.</param>
    /// <param name="recipientDomain">Whose mail it is; for what is configured.</param>
    /// <param name="hosts">What DNS told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<DomainTls> ForExchangersAsync(string domain, string recipientDomain, MailHosts.Found hosts, CancellationToken cancellationToken)
    {
        var level = Configured(recipientDomain);
        if (level == TlsLevel.Opportunistic)
        {
            return new DomainTls(domain, TlsLevel.Opportunistic, null, default);
        }

        var sts = _options.MtaSts ? await _sts.FindAsync(domain, cancellationToken) : default;
        return new DomainTls(domain, level ?? TlsLevel.Opportunistic, _options.Dane && hosts.IsSecure ? _dns : null, sts);
    }

    /// <summary>For a configured host: nothing is published of it.</summary>
    public DomainTls ForConfiguredHost(string recipientDomain) => new(recipientDomain, Configured(recipientDomain) ?? TlsLevel.Opportunistic, null, default);

    private TlsLevel? Configured(string domain)
    {
        if (_levels.Count == 0)
        {
            return null;
        }

        if (_levels.TryGetValue(domain, out var exact))
        {
            return exact;
        }

        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = domain.IndexOf('.', dot + 1))
        {
            if (_levels.TryGetValue(domain[dot..], out var above))
            {
                return above;
            }
        }

        return _levels.TryGetValue("*", out var rest) ? rest : null;
    }
}
