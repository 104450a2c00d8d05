namespace MailPace.Contracts.Directory;

/// <summary>A DKIM key of a domain. The private key is sealed: only <c>sign</c> holds the key-encryption key.</summary>
public sealed record DkimKeyEntry
{
    public required string Selector { get; init; }

    public required DkimAlgorithm Algorithm { get; init; }

    /// <summary>The <c>p=</c> value of the TXT record, base64.</summary>
    public required string PublicKey { get; init; }

    /// <summary>PKCS#8 private key, sealed with AES-256-GCM (<c>KeyVault</c>), base64.</summary>
    public required string SealedPrivateKey { get; init; }
}
