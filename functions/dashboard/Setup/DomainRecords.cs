using MailPace.Contracts.Directory;
using MailPace.Mail.Dkim;
using MailPace.Mail.ReturnPaths;
using MailPace.Storage.Accounts;
using Microsoft.Extensions.Options;

namespace MailPace.Dashboard.Setup;

/// <summary>The DNS records that a domain is to publish.</summary>
public sealed class DomainRecords(IOptions<ReturnPathOptions> returnPath)
{
    /// <summary>The platform's own return-path host.</summary>
    public string ReturnPathHost => returnPath.Value.Host.TrimEnd('.');

    public static string DkimName(string domain, DkimKey key) => $"{key.Selector}._domainkey.{domain}";

    public static string ReturnPathName(string domain) => $"mailer.{domain}";

    public static string DmarcName(string domain) => $"_dmarc.{domain}";

    /// <param name="domain">Name of the domain.</param>
    /// <param name="keys">All its keys; those that sign or will sign are to be published.</param>
    public IReadOnlyList<DomainRecord> For(string domain, IReadOnlyList<DkimKey> keys) =>
    [
        .. keys.Where(static key => key.State != DkimKeyState.Retired).Select(key => OfKey(domain, key)),
        new DomainRecord(RecordPurpose.ReturnPath, "CNAME", ReturnPathName(domain), ReturnPathHost, Required: false),
        new DomainRecord(RecordPurpose.Spf, "TXT", ReturnPathName(domain), Value: null, Required: false),
        new DomainRecord(RecordPurpose.Dmarc, "TXT", DmarcName(domain), "v=DMARC1; p=none", Required: false),
        new DomainRecord(RecordPurpose.Mx, "MX", domain, Value: null, Required: false),
    ];

    public static DomainRecord OfKey(string domain, DkimKey key) => new(
        key.Algorithm == DkimAlgorithm.RsaSha256 ? RecordPurpose.Dkim : RecordPurpose.DkimEd25519,
        "TXT",
        DkimName(domain, key),
        DkimKeyPair.TxtRecord(key.Algorithm, key.PublicKey),
        Required: key is { Algorithm: DkimAlgorithm.RsaSha256, State: DkimKeyState.Signing });
}
