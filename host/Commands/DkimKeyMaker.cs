using System.Globalization;
using System.Security.Cryptography;
using MailPace.Contracts.Directory;
using MailPace.Mail.Dkim;
using MailPace.Mail.Sealing;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

/// <summary>Makes a domain's pair of DKIM keys: RSA, which everyone verifies, and Ed25519. Only sealed keys leave it.</summary>
internal static class DkimKeyMaker
{
    public static async Task<KeyAddition> MakeAsync(CommandRun run, Domain domain)
    {
        var taken = (await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token)).Select(k => k.Selector).ToHashSet(StringComparer.Ordinal);
        var day = run.Get<TimeProvider>().GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var round = 1;
        while (taken.Contains(Selector(day, round, "rsa")))
        {
            round++;
        }

        var vault = run.Get<KeyVault>();
        DkimKeyEntry[] keys =
        [
            Seal(vault, domain, Selector(day, round, "rsa"), DkimKeyPair.GenerateRsa()),
            Seal(vault, domain, Selector(day, round, "ed"), DkimKeyPair.GenerateEd25519()),
        ];
        return await run.Get<DkimKeys>().AddAsync(domain.Id, keys, run.Token);
    }

    /// <summary>A selector is never used for two keys: verifiers cache its record.</summary>
    private static string Selector(string day, int round, string kind)
        => string.Create(CultureInfo.InvariantCulture, $"mp{day}{(round == 1 ? "" : $"-{round}")}-{kind}");

    private static DkimKeyEntry Seal(KeyVault vault, Domain domain, string selector, DkimKeyPair pair)
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
