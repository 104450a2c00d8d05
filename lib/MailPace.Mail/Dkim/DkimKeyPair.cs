using System.Security.Cryptography;
using MailPace.Contracts.Directory;
using NSec.Cryptography;

namespace MailPace.Mail.Dkim;

/// <summary>A new key pair: PKCS#8 private key, and the <c>p=</c> value of its DNS record.</summary>
public sealed record DkimKeyPair(DkimAlgorithm Algorithm, byte[] Pkcs8, string PublicKey)
{
    // RFC 8410 §7: SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32) } }
    private static ReadOnlySpan<byte> Ed25519Prefix => [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    /// <summary>2048 bits: what fits one DNS answer and every verifier takes.</summary>
    public static DkimKeyPair GenerateRsa()
    {
        using var rsa = RSA.Create(2048);
        return new DkimKeyPair(DkimAlgorithm.RsaSha256, rsa.ExportPkcs8PrivateKey(), Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()));
    }

    public static DkimKeyPair GenerateEd25519()
    {
        using var key = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        byte[] pkcs8 = [.. Ed25519Prefix, .. key.Export(KeyBlobFormat.RawPrivateKey)];
        return new DkimKeyPair(DkimAlgorithm.Ed25519Sha256, pkcs8, Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.RawPublicKey)));
    }

    /// <summary>The TXT record to publish at <c>&lt;selector&gt;._domainkey.&lt;domain&gt;</c>.</summary>
    public string TxtRecord() => TxtRecord(Algorithm, PublicKey);

    public static string TxtRecord(DkimAlgorithm algorithm, string publicKey) => algorithm switch
    {
        DkimAlgorithm.RsaSha256 => $"v=DKIM1; k=rsa; h=sha256; p={publicKey}",
        DkimAlgorithm.Ed25519Sha256 => $"v=DKIM1; k=ed25519; p={publicKey}",
    };
}
