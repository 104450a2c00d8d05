using System.Security.Cryptography;
using System.Text;

namespace MailPace.Mail.Sealing;

/// <summary>
/// Seals private keys with AES-256-GCM under a key-encryption key that only the signing function holds. The context (what
/// the key is for) is authenticated with it, so that a sealed key can't be put in another's place.
/// </summary>
public sealed class KeyVault : IDisposable
{
    /// <summary>Bytes of the key-encryption key.</summary>
    public const int KeySize = 32;

    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = 1 + NonceSize + TagSize;

    private readonly AesGcm cipher;
    private readonly Lock gate = new();

    public KeyVault(ReadOnlySpan<byte> keyEncryptionKey)
    {
        if (keyEncryptionKey.Length != KeySize)
        {
            throw new ArgumentException($"The key-encryption key has {KeySize} bytes.", nameof(keyEncryptionKey));
        }

        cipher = new AesGcm(keyEncryptionKey, TagSize);
    }

    /// <returns>Base64 of version, nonce, tag and ciphertext.</returns>
    public string Seal(ReadOnlySpan<byte> secret, string context)
    {
        var box = new byte[Overhead + secret.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        lock (gate)
        {
            cipher.Encrypt(nonce, secret, box.AsSpan(Overhead), box.AsSpan(1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(context));
        }

        return Convert.ToBase64String(box);
    }

    /// <exception cref="CryptographicException">It was sealed under another key or context, or isn't a sealed secret.</exception>
    public byte[] Open(string sealedSecret, string context)
    {
        var box = Decode(sealedSecret);
        var secret = new byte[box.Length - Overhead];
        lock (gate)
        {
            cipher.Decrypt(box.AsSpan(1, NonceSize), box.AsSpan(Overhead), box.AsSpan(1 + NonceSize, TagSize), secret, Encoding.UTF8.GetBytes(context));
        }

        return secret;
    }

    public void Dispose() => cipher.Dispose();

    private static byte[] Decode(string sealedSecret)
    {
        var box = new byte[(sealedSecret.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(sealedSecret, box, out var length) || length < Overhead || box[0] != Version)
        {
            throw new CryptographicException("Not a sealed secret of a known version.");
        }

        return box[..length];
    }
}
