using System.Buffers.Text;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>A number of octets as clients declare it: up to 20 digits (RFC 1870 §4, RFC 3030 §2).</summary>
internal static class OctetCount
{
    /// <param name="digits">The text.</param>
    /// <param name="count">The number; what is beyond a long is too large in any case, and as large as a long can be.</param>
    public static bool TryParse(ReadOnlySpan<byte> digits, out long count)
    {
        count = long.MaxValue;
        if (digits.Length is 0 or > 20 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        if (!Utf8Parser.TryParse(digits, out count, out _))
        {
            count = long.MaxValue;
        }

        return true;
    }
}
