using System.Text;
using DnsClient;
using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;

namespace MailPace.Sandbox.Verification;

/// <summary>
/// Public keys of our own domains from our own records, so that a domain whose DNS isn't set up yet, or never will be,
/// can be tested; all others from DNS.
/// </summary>
internal sealed class PublicKeys(Domains domains, DkimKeys keys) : DkimPublicKeyLocatorBase
{
    private static readonly LookupClient Dns = new(new LookupClientOptions { Timeout = TimeSpan.FromSeconds(2), Retries = 0, UseCache = true });

    public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default)
        => throw new NotSupportedException("Keys are looked up asynchronously.");

    public override async Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default)
    {
        var record = await FindOwnAsync(domain, selector, cancellationToken) ?? await FindInDnsAsync(domain, selector, cancellationToken);
        return GetPublicKey(record);
    }

    private async Task<string?> FindOwnAsync(string domain, string selector, CancellationToken cancellationToken)
    {
        foreach (var own in await domains.FindByNameAsync(domain.ToLowerInvariant(), cancellationToken))
        {
            foreach (var key in await keys.ListAsync(own.Id, cancellationToken))
            {
                if (string.Equals(key.Selector, selector, StringComparison.OrdinalIgnoreCase))
                {
                    return $"v=DKIM1; k={(key.Algorithm == DkimAlgorithm.RsaSha256 ? "rsa" : "ed25519")}; p={key.PublicKey}";
                }
            }
        }

        return null;
    }

    private static async Task<string> FindInDnsAsync(string domain, string selector, CancellationToken cancellationToken)
    {
        var answer = await Dns.QueryAsync($"{selector}._domainkey.{domain}", QueryType.TXT, cancellationToken: cancellationToken);
        var record = new StringBuilder();
        foreach (var text in answer.Answers.TxtRecords().SelectMany(txt => txt.Text))
        {
            record.Append(text);
        }

        return record.Length > 0 ? record.ToString() : throw new MimeKit.ParseException("No key for the selector", 0, 0);
    }
}
