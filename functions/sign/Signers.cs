using System.Collections.Concurrent;
using MailPace.Contracts.Directory;
using MailPace.Mail.Dkim;
using MailPace.Mail.Sealing;
using MailPace.Messaging.Directory;

namespace MailPace.Sign;

/// <summary>
/// One signer for each domain, made when the domain first sends and again when its keys change. A replaced signer isn't disposed:
/// another thread may be signing with it, and the garbage collector frees it after that.
/// </summary>
internal sealed class Signers(DirectoryCache directory, KeyVault vault, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, (DkimKeysEntry Keys, DkimSigner Signer)> signers = new();

    /// <summary>The domain's signer, or null when the directory has no keys for it.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A key can't be opened with our key-encryption key.</exception>
    public DkimSigner? Find(long domainId)
    {
        if (directory.FindDkimKeys(domainId) is not { Keys.Count: > 0 } keys)
        {
            return null;
        }

        // The directory keeps one record until the next change, so being the same object is being unchanged.
        if (signers.TryGetValue(domainId, out var known) && ReferenceEquals(known.Keys, keys))
        {
            return known.Signer;
        }

        var signer = new DkimSigner(keys.Domain, [.. keys.Keys.Select(key => Open(keys.Domain, key))], time);
        signers[domainId] = (keys, signer);
        return signer;
    }

    private DkimSigningKey Open(string domain, DkimKeyEntry key)
        => new(key.Selector, key.Algorithm, vault.Open(key.SealedPrivateKey, SealingContext.DkimKey(domain, key.Selector)));
}
