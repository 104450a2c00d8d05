using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace MailPace.Mail.Webhooks;

/// <summary>
/// Signs what is posted for a domain with its Ed25519 key: the raw body for MailPace's header, and id, time and body for that of
/// Standard Webhooks (<c>v1a</c>), which keeps a recorded request from being posted again later. Safe for many threads.
/// </summary>
public sealed class WebhookSigner : IDisposable
{
    private readonly Key _key;

    /// <param name="pkcs8">As <see cref="Dkim.DkimKeyPair.GenerateEd25519"/> makes it; RFC 8410: its last 32 octets are the seed.</param>
    public WebhookSigner(ReadOnlySpan<byte> pkcs8) => _key = Key.Import(SignatureAlgorithm.Ed25519, pkcs8[^32..], KeyBlobFormat.RawPrivateKey);

    /// <summary>For <c>X-MailPace-Signature</c>: base64 without line breaks.</summary>
    public string Sign(ReadOnlySpan<byte> body) => Convert.ToBase64String(SignatureAlgorithm.Ed25519.Sign(_key, body));

    /// <summary>For <c>webhook-signature</c>: by the endpoint's secret and by the domain's key, either of which verifies.</summary>
    public string SignStandard(string id, DateTimeOffset at, ReadOnlySpan<byte> body, WebhookSecret secret)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")), .. body];
        var hmac = Convert.ToBase64String(HMACSHA256.HashData(secret.Bytes, content));
        return $"v1,{hmac} v1a,{Convert.ToBase64String(SignatureAlgorithm.Ed25519.Sign(_key, content))}";
    }

    public void Dispose() => _key.Dispose();
}
