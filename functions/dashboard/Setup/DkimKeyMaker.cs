using System.Globalization;
using System.Security.Cryptography;
using MailPace.Contracts.Directory;
using MailPace.Mail.Dkim;
using MailPace.Mail.Sealing;
using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Setup;

/// <summary>Makes a domain's pair of DKIM keys: RSA, which everyone verifies, and Ed25519. Only sealed keys leave it.</summary>
public sealed class DkimKeyMaker(DkimKeys keys, KeyVault vault, TimeProvider time)
{
    public async Task<KeyAddition> MakeAsync(Domain domain, CancellationToken cancellationToken)
    {
        var taken = (await keys.ListAsync(domain.Id, cancellationToken)).Select(k => k.Selector).ToHashSet(StringComparer.Ordinal);
        var day = time.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var round = 1;
        while (taken.Contains(Selector(day, round, "rsa")))
        {
            round++;
        }

        DkimKeyEntry[] made =
        [
            Seal(domain, Selector(day, round, "rsa"), DkimKeyPair.GenerateRsa()),
            Seal(domain, Selector(day, round, "ed"), DkimKeyPair.GenerateEd25519()),
        ];
        return await keys.AddAsync(domain.Id, made, cancellationToken);
    }

    /// <summary>A selector is never used for two keys: verifiers cache its record.</summary>
    private static string Selector(string day, int round, string kind)
        => string.Create(CultureInfo.InvariantCulture, $"mp{day}{(round == 1 ? "" : $"-{round}")}-{kind}");

    private DkimKeyEntry Seal(Domain domain, string selector, DkimKeyPair pair)
    {
        try
        {
            return new DkimKeyEntry
            {
                Selector = selector,
                Algorithm = pair.Algorithm,
                PublicKey = pair.PublicKey,
                SealedPrivateKey = vault.Seal(pair.Pkcs8, SealingContext.DkimKey(domain.Name, selector)),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pair.Pkcs8);
        }
    }
}
