using System.Buffers;
using System.Text;

namespace MailPace.Mail.Composition;

/// <summary>A text part in UTF-8: as it is where it's plain ASCII in short lines, else quoted-printable or base64, whichever is shorter.</summary>
/// <param name="subtype"><c>plain</c> or <c>html</c>.</param>
/// <param name="text">Any line ends; they become CRLF (RFC 2046 §4.1.1).</param>
internal sealed class TextNode(string subtype, string text) : MimeNode
{
    private const int MaxLine = 998;

    public override void Write(IBufferWriter<byte> output)
    {
        var canonical = Encoding.UTF8.GetBytes(InCanonicalLines(text));
        var survey = Survey(canonical);
        if (survey is { Escapes: 0, LongestLine: <= MaxLine })
        {
            WriteHeader(output, "utf-8", "7bit");
            output.Write(canonical);
            return;
        }

        if (survey.Escapes * 2 > canonical.Length / 3)
        {
            WriteHeader(output, "utf-8", "base64");
            TransferEncoding.WriteBase64(output, canonical);
            return;
        }

        WriteHeader(output, "utf-8", "quoted-printable");
        TransferEncoding.WriteQuotedPrintable(output, canonical);
    }

    private void WriteHeader(IBufferWriter<byte> output, string charset, string encoding)
        => Encoding.ASCII.GetBytes($"Content-Type: text/{subtype}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n", output);

    /// <summary>CR, LF and CRLF each end a line; U+0085 and its like are text here and get encoded.</summary>
    private static string InCanonicalLines(string text)
        => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\n", "\r\n", StringComparison.Ordinal);

    private static (int Escapes, int LongestLine) Survey(ReadOnlySpan<byte> canonical)
    {
        var escapes = 0;
        var longest = 0;
        var line = 0;
        foreach (var octet in canonical)
        {
            if (octet == (byte)'\n')
            {
                longest = Math.Max(longest, line - 1);
                line = 0;
                continue;
            }

            line++;
            escapes += octet is (>= (byte)' ' and <= (byte)'~') or (byte)'\t' or (byte)'\r' ? 0 : 1;
        }

        return (escapes, Math.Max(longest, line));
    }
}
