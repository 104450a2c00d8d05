using MailPace.Contracts.Directory;
using MailPace.Dashboard.Setup;
using MailPace.Mail.Dkim;
using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Domains;

/// <summary>A sending domain.</summary>
internal sealed record DomainBody
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public string? Url { get; init; }

    /// <summary>Selector of the RSA key.</summary>
    public string? DkimSelector { get; init; }

    /// <summary>The RSA key's TXT record.</summary>
    public string? DkimString { get; init; }

    public required bool DkimVerified { get; init; }

    public required bool AdvancedVerified { get; init; }

    /// <summary>The Ed25519 key that webhooks are signed with, raw, in base64.</summary>
    public required string WebhookPublicKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>All DNS records that the domain is to publish.</summary>
    public required IReadOnlyList<DnsRecordBody> DnsRecords { get; init; }

    public static DomainBody Of(Domain domain, IReadOnlyList<DkimKey> keys, IReadOnlyList<DomainRecord> records, string webhookPublicKey)
    {
        var rsa = keys.FirstOrDefault(static key => key is { State: DkimKeyState.Signing, Algorithm: DkimAlgorithm.RsaSha256 });
        return new DomainBody
        {
            Id = domain.Id,
            Name = domain.Name,
            Url = domain.Url,
            DkimSelector = rsa?.Selector,
            DkimString = rsa is null ? null : DkimKeyPair.TxtRecord(rsa.Algorithm, rsa.PublicKey),
            DkimVerified = domain.DkimVerified,
            AdvancedVerified = domain.AdvancedVerified,
            WebhookPublicKey = webhookPublicKey,
            CreatedAt = domain.CreatedAt,
            ModifiedAt = domain.ModifiedAt,
            DnsRecords = [.. records.Select(DnsRecordBody.Of)],
        };
    }
}
