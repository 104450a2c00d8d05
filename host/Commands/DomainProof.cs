using DnsClient;
using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

/// <summary>What DNS proves of a domain, and what keeps DKIM from being proved.</summary>
internal sealed record DomainProof(DomainVerification Verification, string? DkimFault)
{
    /// <summary>One signing key is proof enough: RSA, which everyone verifies.</summary>
    public static async Task<DomainProof> LookAsync(CommandRun run, Domain domain)
    {
        var dns = run.Get<DomainDns>();
        var keys = await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token);
        var fault = keys.FirstOrDefault(k => k.State == DkimKeyState.Signing && k.Algorithm == DkimAlgorithm.RsaSha256) is { } rsa
            ? await DkimRecord.FindFaultAsync(dns, domain, rsa, run.Token)
            : "It has no DKIM key.";
        var advanced = await PointsToAsync(dns, DnsRecords.ReturnPathName(domain), DnsRecords.ReturnPathHost(run), run.Token);
        return new DomainProof(new DomainVerification(Dkim: fault is null, advanced), fault);
    }

    private static async Task<bool> PointsToAsync(DomainDns dns, string name, string host, CancellationToken cancellationToken)
    {
        var answers = await dns.QueryAsync(name, QueryType.CNAME, cancellationToken);
        return answers.CnameRecords().Any(r => string.Equals(r.CanonicalName.Value.TrimEnd('.'), host.TrimEnd('.'), StringComparison.OrdinalIgnoreCase));
    }
}
