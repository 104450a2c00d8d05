using System.Security.Cryptography;
using System.Text;

namespace MailPace.Mail.Tokens;

/// <summary>The secret of an API token: shown once, kept as a hash.</summary>
public static class TokenSecret
{
    /// <summary>Lets secret scanners recognise a leaked token.</summary>
    public const string Prefix = "mp_";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>40 characters of 62: 238 bits, so that a plain SHA-256 is enough to keep it.</summary>
    public static string Generate() => Prefix + RandomNumberGenerator.GetString(Alphabet, 40);

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
