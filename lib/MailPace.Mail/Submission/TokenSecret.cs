using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MailPace.Mail.Submission;

/// <summary>Secrets of API tokens: 256 random bits behind a prefix that secret scanners can find. Kept as a hash only.</summary>
public static class TokenSecret
{
    public const string Prefix = "mp_";

    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What may be shown of a secret later: too little to help a guess.</summary>
    public static string Hint(string token) => token[^4..];

    /// <summary>SHA-256, lower-case hex: enough for a secret of this entropy, and what the directory is keyed by.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
