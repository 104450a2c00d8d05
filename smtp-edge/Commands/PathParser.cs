using System.Buffers;
using System.Text;
using System.Text.Unicode;
using MailPace.Mail.Addresses;

namespace MailPace.SmtpEdge.Commands;

/// <summary>The address between the angle brackets of MAIL and RCPT.</summary>
internal static class PathParser
{
    // RFC 5321 §4.5.3.1.3 says 256 octets; a local part and a domain in UTF-8 can be a little longer.
    private const int Longest = 512;

    /// <summary>Source routes (RFC 5321 §C) are not taken: nothing legitimate sends them, and they hide the domain.</summary>
    public static bool TryParse(ReadOnlySpan<byte> path, out EmailAddress address)
    {
        address = default;
        if (path.Length > Longest)
        {
            return false;
        }

        Span<char> text = stackalloc char[Longest];
        return Utf8.ToUtf16(path, text, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done
            && EmailAddress.TryParse(text[..length], out address);
    }

    public static bool NeedsUtf8(ReadOnlySpan<byte> path) => !Ascii.IsValid(path);
}
