using System.Collections.Concurrent;
using System.Security.Cryptography;
using MailPace.Contracts.Directory;
using NSec.Cryptography;

namespace MailPace.Mail.Dkim;

/// <summary>A private key that signs SHA-256 digests of header fields. Safe for many threads: RSA objects are pooled, since one shared by all costs a fifth.</summary>
public sealed class DkimSigningKey : IDisposable
{
    private readonly byte[] _pkcs8;
    private readonly Key? _ed25519;
    private readonly ConcurrentBag<RSA> _rsa = [];

    /// <param name="selector">Selector under the domain's <c>_domainkey</c>.</param>
    /// <param name="algorithm">RSA of 2048 bits, or Ed25519.</param>
    /// <param name="pkcs8">Private key, PKCS#8 DER.</param>
    public DkimSigningKey(string selector, DkimAlgorithm algorithm, byte[] pkcs8)
    {
        Selector = selector;
        Algorithm = algorithm;
        _pkcs8 = pkcs8;
        if (algorithm == DkimAlgorithm.Ed25519Sha256)
        {
            // RFC 8410: the 32 octets of the seed end the PKCS#8 structure.
            _ed25519 = Key.Import(SignatureAlgorithm.Ed25519, pkcs8.AsSpan(^32..), KeyBlobFormat.RawPrivateKey);
        }
    }

    public string Selector { get; }

    public DkimAlgorithm Algorithm { get; }

    /// <summary>Signs the digest of the canonical header fields: RFC 6376 §3.3.2, RFC 8463 §3 (Ed25519 over the SHA-256 digest).</summary>
    public byte[] Sign(ReadOnlySpan<byte> sha256)
    {
        if (_ed25519 is not null)
        {
            return SignatureAlgorithm.Ed25519.Sign(_ed25519, sha256);
        }

        if (!_rsa.TryTake(out var rsa))
        {
            rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(_pkcs8, out _);
        }

        var signature = rsa.SignHash(sha256, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _rsa.Add(rsa);
        return signature;
    }

    public void Dispose()
    {
        _ed25519?.Dispose();
        while (_rsa.TryTake(out var rsa))
        {
            rsa.Dispose();
        }
    }
}
