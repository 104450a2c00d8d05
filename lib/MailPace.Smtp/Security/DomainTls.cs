using DnsClient;
using MailPace.Contracts;
using MailPace.Smtp.Resolution;

namespace MailPace.Smtp.Security;

/// <summary>
/// What TLS is asked for mail to one domain, host by host:
/// <list type="number">
/// <item>A host whose validated zone has TLSA records has to match them; where they can't be had it isn't spoken to. No other policy softens or replaces that (RFC 8461 §2).</item>
/// <item>Else an MTA-STS policy in force: only the hosts that it names, only with a good certificate. One for testing changes nothing but the reports.</item>
/// <item>Else what is configured for the domain; and at least that in all cases.</item>
/// <item>Else TLS where it's offered, with any certificate.</item>
/// </list>
/// </summary>
internal sealed class DomainTls
{
    private readonly DnsLookup? _dns;
    private readonly string _domain;
    private readonly TlsLevel _floor;

    /// <param name="domain">Whose policy it is.</param>
    /// <param name="floor">What is configured.</param>
    /// <param name="dns">Asked for TLSA records; null where they don't count.</param>
    /// <param name="sts">The domain's MTA-STS policy.</param>
    public DomainTls(string domain, TlsLevel floor, DnsLookup? dns, StsAnswer sts)
    {
        _domain = domain;
        _floor = floor;
        _dns = dns;
        Sts = sts.Policy is { Mode: StsMode.None } ? sts with { Policy = null } : sts;
        Name = Sts.Policy is { } policy && floor < TlsLevel.Verified ? $"mta-sts {(policy.Mode == StsMode.Enforce ? "enforce" : "testing")}" : FloorName;
    }

    public StsAnswer Sts { get; }

    /// <summary>Such as <c>mta-sts enforce</c>; a host's TLSA records may ask for more.</summary>
    public string Name { get; }

    /// <summary>What reports say of a policy that couldn't be had; null where nothing went wrong.</summary>
    public TlsSession? Missing => Sts.Fault is { } fault
        ? new TlsSession { Domain = _domain, Policy = TlsPolicyKind.Sts, PolicyDomain = _domain, Fault = fault, Detail = Sts.Detail }
        : null;

    private string FloorName => _floor switch
    {
        TlsLevel.Verified or TlsLevel.Dane => "verified",
        TlsLevel.Encrypted => "encrypted",
        TlsLevel.Opportunistic or TlsLevel.Clear => "opportunistic",
    };

    public async Task<HostTls> ForAsync(MailHost host, int port, CancellationToken cancellationToken)
    {
        if (_dns is not null)
        {
            foreach (var name in host.SecureNames)
            {
                var answer = await _dns.QueryAsync($"_{port}._tcp.{name}", QueryType.TLSA, cancellationToken);
                if (answer.Kind == DnsAnswerKind.Unknown)
                {
                    // Who forges nothing but takes this one answer away would take the protection away (RFC 7672 §2.1.2).
                    var session = Session(TlsPolicyKind.Tlsa, host) with { Fault = TlsFault.DnssecInvalid, Detail = "TLSA lookup failed" };
                    return new HostTls(new TlsDemand(TlsLevel.Dane, name), session, Reply($"DANE: DNS can't tell the TLSA records of {host.Name} now"));
                }

                var records = TlsaRecords.In(answer);
                if (answer.IsSecure && records.Count > 0)
                {
                    return Dane(host, name, records);
                }
            }
        }

        return Sts.Policy is { } policy ? ByPolicy(policy, host) : new HostTls(new TlsDemand(_floor, host.Name), Session(TlsPolicyKind.NoPolicyFound, host)) { Name = Name };
    }

    private static RemoteReply Reply(string text) => new(0, "4.7.5", text);

    private HostTls Dane(MailHost host, string name, IReadOnlyList<Tlsa> records)
    {
        var usable = new TlsaSet(records);
        var session = Session(TlsPolicyKind.Tlsa, host) with { PolicyStrings = [.. records.Select(record => record.ToString())] };

        // Records that nobody can use still say that the host does TLS (RFC 7672 §2.2).
        return usable.Records.Count == 0
            ? new HostTls(new TlsDemand(_floor > TlsLevel.Encrypted ? _floor : TlsLevel.Encrypted, host.Name), session)
            : new HostTls(new TlsDemand(TlsLevel.Dane, name) { Tlsa = usable, OtherName = usable.HasTrustAnchor ? _domain : null }, session);
    }

    private HostTls ByPolicy(StsPolicy policy, MailHost host)
    {
        var isEnforced = policy.Mode == StsMode.Enforce;
        var session = Session(TlsPolicyKind.Sts, host) with { PolicyStrings = policy.Lines, MxPatterns = policy.MxPatterns };
        if (!policy.Allows(host.Name))
        {
            session = session with { Fault = TlsFault.ValidationFailure, Detail = "the policy doesn't name this host" };
            if (isEnforced)
            {
                return new HostTls(new TlsDemand(TlsLevel.Verified, host.Name), session, Reply($"MTA-STS: the policy of {_domain} doesn't name its mail exchanger {host.Name}"));
            }
        }

        return new HostTls(new TlsDemand(isEnforced ? TlsLevel.Verified : _floor, host.Name), session) { Name = Name, IsTesting = !isEnforced };
    }

    private TlsSession Session(TlsPolicyKind kind, MailHost host) => new()
    {
        Domain = _domain,
        Policy = kind,
        PolicyDomain = kind == TlsPolicyKind.Tlsa ? host.SecureNames[0] : _domain,
        RemoteHost = host.Name,
    };
}
