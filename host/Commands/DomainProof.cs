using DnsClient;
using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

/// <summary>Looks into DNS for what a domain is to publish.</summary>
internal static class DomainProof
{
    public static async Task<DomainVerification> LookAsync(CommandRun run, Domain domain)
    {
        var dns = new LookupClient(new LookupClientOptions { UseCache = false, ThrowDnsErrors = false });
        var keys = await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token);
        var rsa = keys.FirstOrDefault(k => k.RetiredAt is null && k.Algorithm == DkimAlgorithm.RsaSha256);
        return new DomainVerification(
            Dkim: rsa is not null && await PublishesAsync(dns, DnsRecords.DkimName(domain, rsa), rsa.PublicKey, run.Token),
            Advanced: await PointsToAsync(dns, DnsRecords.ReturnPathName(domain), DnsRecords.ReturnPathHost(run), run.Token));
    }

    private static async Task<bool> PublishesAsync(LookupClient dns, string name, string publicKey, CancellationToken cancellationToken)
    {
        var answer = await dns.QueryAsync(name, QueryType.TXT, cancellationToken: cancellationToken);
        return answer.Answers.TxtRecords().Any(record =>
        {
            // RFC 6376 §3.6.1: tag=value pairs; white space within p= is allowed.
            var tags = string.Concat(record.Text).Split(';', StringSplitOptions.TrimEntries);
            var key = tags.FirstOrDefault(t => t.StartsWith("p=", StringComparison.Ordinal))?[2..];
            return key is not null && string.Concat(key.Where(c => !char.IsWhiteSpace(c))) == publicKey;
        });
    }

    private static async Task<bool> PointsToAsync(LookupClient dns, string name, string host, CancellationToken cancellationToken)
    {
        var answer = await dns.QueryAsync(name, QueryType.CNAME, cancellationToken: cancellationToken);
        return answer.Answers.CnameRecords().Any(r => string.Equals(r.CanonicalName.Value.TrimEnd('.'), host.TrimEnd('.'), StringComparison.OrdinalIgnoreCase));
    }
}
