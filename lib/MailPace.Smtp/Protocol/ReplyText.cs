using System.Buffers;
using System.Text;

namespace MailPace.Smtp.Protocol;

/// <summary>Makes a remote's text fit to be kept and shown on a terminal: printable ASCII without escape sequences.</summary>
internal static class ReplyText
{
    private static readonly SearchValues<byte> Printable = SearchValues.Create(Enumerable.Range(0x20, 0x5F).Select(value => (byte)value).ToArray());

    public static string Clean(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyExcept(Printable) < 0)
        {
            return Encoding.ASCII.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        for (var at = 0; at < bytes.Length; at++)
        {
            var value = bytes[at];
            if (value == 0x1B)
            {
                at = EndOfEscape(bytes, at);
                continue;
            }

            if (value is >= 0x20 and <= 0x7E)
            {
                text.Append((char)value);
            }
            else if (value == '\t')
            {
                text.Append(' ');
            }
        }

        return text.ToString();
    }

    /// <summary>Index of an escape sequence's last byte: ESC alone, or ESC [ … up to a byte between @ and ~ (ECMA-48 §5.4).</summary>
    private static int EndOfEscape(ReadOnlySpan<byte> bytes, int start)
    {
        if (start + 1 >= bytes.Length || bytes[start + 1] != '[')
        {
            return start;
        }

        var end = start + 2;
        while (end < bytes.Length && bytes[end] is < 0x40 or > 0x7E)
        {
            end++;
        }

        return end;
    }
}
