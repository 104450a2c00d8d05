using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailPace.Mail.ReturnPaths;

/// <summary>
/// Issues the return-path of each job (VERP): <c>bounces+&lt;id&gt;-&lt;job&gt;-&lt;day&gt;-&lt;mac&gt;@&lt;host&gt;</c>.
/// A bounce counts only when it came to one of these, so that nobody can suppress an address with a forged one:
/// the code is 80 bits of HMAC-SHA256 over email, job and day, and the address is good for <see cref="LifetimeDays"/> days.
/// </summary>
public sealed class ReturnPathIssuer
{
    public const int LifetimeDays = 60;

    /// <summary>Bytes of the code: 80 bits, 16 characters of base32.</summary>
    private const int MacSize = 10;
    private const string Prefix = "bounces+";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly byte[] key;
    private readonly TimeProvider time;

    public ReturnPathIssuer(byte[] hmacKey, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(hmacKey);
        if (hmacKey.Length < 16)
        {
            throw new ArgumentException("The key of return-paths has at least 16 bytes.", nameof(hmacKey));
        }

        key = hmacKey;
        this.time = time;
    }

    /// <param name="emailId">The email.</param>
    /// <param name="jobNumber">Its job, from 0.</param>
    /// <param name="host">The return-path host, ours or the customer's <c>mailer.</c> name.</param>
    public string Issue(long emailId, int jobNumber, string host)
    {
        var day = Today();
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{emailId}-{jobNumber}-{day}-{Code(emailId, jobNumber, day)}@{host}");
    }

    /// <summary>Whether a local part looks like one of ours, right or wrong.</summary>
    public static bool IsLike(string localPart) => localPart.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes any host and any case: both change on the way through other servers.</summary>
    public bool TryVerify(string address, out IssuedReturnPath path)
    {
        path = default;
        var at = address.LastIndexOf('@');
        if (at is < 0 or > 64 || !IsLike(address))
        {
            return false;
        }

        Span<Range> parts = stackalloc Range[5];
        var local = address.AsSpan(Prefix.Length, at - Prefix.Length);
        if (local.Split(parts, '-') != 4
            || !long.TryParse(local[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var emailId)
            || !int.TryParse(local[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var jobNumber)
            || !int.TryParse(local[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var day))
        {
            return false;
        }

        var given = Encoding.UTF8.GetBytes(local[parts[3]].ToString().ToLowerInvariant());
        var expected = Encoding.ASCII.GetBytes(Code(emailId, jobNumber, day));
        if (!CryptographicOperations.FixedTimeEquals(given, expected) || Today() - day is < -1 or > LifetimeDays)
        {
            return false;
        }

        path = new IssuedReturnPath(emailId, jobNumber, DateOnly.FromDayNumber(day + UnixEpoch));
        return true;
    }

    private static int UnixEpoch => DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Days since 1970-01-01.</summary>
    private int Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber - UnixEpoch;

    private string Code(long emailId, int jobNumber, int day)
    {
        Span<byte> text = stackalloc byte[64];
        Encoding.ASCII.TryGetBytes(string.Create(CultureInfo.InvariantCulture, $"{emailId}-{jobNumber}-{day}"), text, out var length);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text[..length], mac);
        return Base32(mac[..MacSize]);
    }

    /// <summary>Lower case, since mail servers fold case; five bytes are eight characters.</summary>
    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[MacSize * 8 / 5];
        var bits = 0;
        var held = 0;
        var written = 0;
        foreach (var value in bytes)
        {
            held = ((held << 8) | value) & 0xFFFF;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text[written++] = Alphabet[(held >> (bits - 5)) & 31];
            }
        }

        return new string(text[..written]);
    }
}
