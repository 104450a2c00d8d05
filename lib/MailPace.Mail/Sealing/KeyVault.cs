using System.Security.Cryptography;
using System.Text;

namespace MailPace.Mail.Sealing;

/// <summary>
/// Seals secrets with AES-256-GCM under a key-encryption key. The context (for a DKIM key its domain and selector) is authenticated:
/// a sealed value moved elsewhere doesn't open.
/// </summary>
public sealed class KeyVault : IDisposable
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly AesGcm _aes;

    /// <param name="keyEncryptionKey">32 bytes.</param>
    public KeyVault(ReadOnlySpan<byte> keyEncryptionKey)
    {
        if (keyEncryptionKey.Length != 32)
        {
            throw new ArgumentException("The key-encryption key has 32 bytes.", nameof(keyEncryptionKey));
        }

        _aes = new AesGcm(keyEncryptionKey, TagBytes);
    }

    /// <returns>Base64 of version, nonce, tag and ciphertext.</returns>
    public string Seal(ReadOnlySpan<byte> secret, string context)
    {
        var output = new byte[1 + NonceBytes + TagBytes + secret.Length];
        output[0] = Version;
        var nonce = output.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        _aes.Encrypt(nonce, secret, output.AsSpan(1 + NonceBytes + TagBytes), output.AsSpan(1 + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(context));
        return Convert.ToBase64String(output);
    }

    /// <exception cref="CryptographicException">Not sealed by this key for this context, or damaged.</exception>
    public byte[] Open(string sealedSecret, string context)
    {
        var input = new byte[sealedSecret.Length];
        if (!Convert.TryFromBase64String(sealedSecret, input, out var length) || length < 1 + NonceBytes + TagBytes || input[0] != Version)
        {
            throw new CryptographicException("Not a sealed secret.");
        }

        var secret = new byte[length - 1 - NonceBytes - TagBytes];
        _aes.Decrypt(input.AsSpan(1, NonceBytes), input.AsSpan(1 + NonceBytes + TagBytes, secret.Length), input.AsSpan(1 + NonceBytes, TagBytes), secret, Encoding.UTF8.GetBytes(context));
        return secret;
    }

    public void Dispose() => _aes.Dispose();
}
