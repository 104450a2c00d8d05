using System.Buffers;
using System.Buffers.Text;

namespace MailPace.Mail.Composition;

/// <summary>Content-Transfer-Encodings (RFC 2045 §6.7 and 6.8), with CRLF.</summary>
internal static class TransferEncoding
{
    /// <summary>57 octets are 76 characters.</summary>
    private const int Base64Line = 57;
    private const int QuotedLine = 76;

    public static void WriteBase64(IBufferWriter<byte> output, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var line = content[..Math.Min(Base64Line, content.Length)];
            var target = output.GetSpan(80);
            Base64.EncodeToUtf8(line, target, out _, out var written);
            target[written++] = (byte)'\r';
            target[written++] = (byte)'\n';
            output.Advance(written);
            content = content[line.Length..];
        }
    }

    /// <param name="output">Where to.</param>
    /// <param name="text">Lines that end in CRLF.</param>
    public static void WriteQuotedPrintable(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        var column = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var octet = text[i];
            if (octet == (byte)'\r')
            {
                output.Write("\r\n"u8);
                column = 0;
                i++;
                continue;
            }

            var lineEnds = i + 1 == text.Length || text[i + 1] == (byte)'\r';
            var literal = octet is (>= (byte)'!' and <= (byte)'~' and not (byte)'=') or (byte)' ' or (byte)'\t'
                && !(lineEnds && octet is (byte)' ' or (byte)'\t');
            var size = literal ? 1 : 3;

            // One column is kept for the soft line break, unless the line ends here anyway.
            if (column + size > (lineEnds ? QuotedLine : QuotedLine - 1))
            {
                output.Write("=\r\n"u8);
                column = 0;
            }

            var target = output.GetSpan(3);
            if (literal)
            {
                target[0] = octet;
            }
            else
            {
                target[0] = (byte)'=';
                target[1] = Hex(octet >> 4);
                target[2] = Hex(octet & 15);
            }

            output.Advance(size);
            column += size;
        }
    }

    private static byte Hex(int digit) => (byte)"0123456789ABCDEF"[digit];
}
