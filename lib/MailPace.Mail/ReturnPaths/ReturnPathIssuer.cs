using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailPace.Mail.ReturnPaths;

/// <summary>
/// Issues return-paths (VERP) that only this platform can have issued:
/// <c>bounces+&lt;email id&gt;-&lt;job&gt;-&lt;day&gt;-&lt;mac&gt;@host</c>, numbers in hex, the mac 80 bits of HMAC-SHA256 over the three.
/// A report to an address that doesn't verify changes nothing.
/// </summary>
public sealed class ReturnPathIssuer(byte[] key, TimeProvider time)
{
    private const string Prefix = "bounces+";
    private const int MacBytes = 10;

    public string Issue(long emailId, int jobNumber, string host)
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber;
        var facts = string.Create(CultureInfo.InvariantCulture, $"{emailId:x}-{jobNumber:x}-{day:x}");
        return $"{Prefix}{facts}-{Mac(facts)}@{host}";
    }

    /// <summary>True for an address that this key issued; the host isn't looked at, and letters may have changed case on the way.</summary>
    public bool TryVerify(string address, out IssuedReturnPath path)
    {
        path = default;
        var at = address.LastIndexOf('@');
        if (at < 0 || at > 64 || !address.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var parts = address[Prefix.Length..at].ToLowerInvariant().Split('-');
        if (parts.Length != 4
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac($"{parts[0]}-{parts[1]}-{parts[2]}")), Encoding.UTF8.GetBytes(parts[3])))
        {
            return false;
        }

        // The mac covers the text, so what follows was written by Issue.
        path = new IssuedReturnPath(
            long.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            DateOnly.FromDayNumber(int.Parse(parts[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        return true;
    }

    private string Mac(string facts) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(facts)).AsSpan(0, MacBytes));
}
