using System.Globalization;
using System.Text;

namespace MailPace.Mail.Addresses;

/// <summary>Reads a Dot-string or Quoted-string (RFC 5321 §4.1.2, RFC 6531 §3.3) from the start of an address.</summary>
internal static class LocalPartReader
{
    private const string AtomSymbols = "!#$%&'*+-/=?^_`{|}~";

    public static bool TryRead(ReadOnlySpan<char> text, out string localPart, out int consumed)
        => text[0] == '"' ? TryReadQuoted(text, out localPart, out consumed) : TryReadDotString(text, out localPart, out consumed);

    private static bool TryReadDotString(ReadOnlySpan<char> text, out string localPart, out int consumed)
    {
        localPart = "";
        consumed = text.IndexOf('@');
        if (consumed <= 0 || !IsDotString(text[..consumed]))
        {
            return false;
        }

        localPart = text[..consumed].ToString();
        return true;
    }

    private static bool TryReadQuoted(ReadOnlySpan<char> text, out string localPart, out int consumed)
    {
        localPart = "";
        consumed = 0;
        var content = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length;)
        {
            if (text[i] == '"')
            {
                consumed = i + 1;
                localPart = InShortestForm(content.ToString());
                return true;
            }

            if (text[i] == '\\')
            {
                // quoted-pairSMTP: printable ASCII only.
                if (i + 1 >= text.Length || text[i + 1] is < ' ' or > '~')
                {
                    return false;
                }

                content.Append(text[i + 1]);
                i += 2;
                continue;
            }

            if (text[i] is >= ' ' and <= '~')
            {
                content.Append(text[i++]);
                continue;
            }

            if (!TryTakeInternational(text[i..], out var length))
            {
                return false;
            }

            content.Append(text.Slice(i, length));
            i += length;
        }

        return false;
    }

    /// <summary>"Quoted only where it has to be": RFC 5321 §4.1.2 calls both forms equivalent, and one form makes them comparable.</summary>
    private static string InShortestForm(string content)
        => content.Length > 0 && IsDotString(content)
            ? content
            : $"\"{content.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool IsDotString(ReadOnlySpan<char> text)
    {
        var afterDot = true;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c == '.')
            {
                if (afterDot)
                {
                    return false;
                }

                afterDot = true;
                i++;
                continue;
            }

            if (c <= '~')
            {
                if (!char.IsAsciiLetterOrDigit(c) && !AtomSymbols.Contains(c))
                {
                    return false;
                }

                i++;
            }
            else
            {
                if (!TryTakeInternational(text[i..], out var length))
                {
                    return false;
                }

                i += length;
            }

            afterDot = false;
        }

        return !afterDot;
    }

    /// <summary>
    /// RFC 6531 admits every non-ASCII character. Separators and controls would break lines elsewhere, and what has no
    /// visible form (bidirectional overrides) would lie about the address on a page.
    /// </summary>
    private static bool TryTakeInternational(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        if (text[0] < '\u00A0' || Rune.DecodeFromUtf16(text, out var rune, out length) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                => rune.Value is 0x200C or 0x200D,
            _ => true,
        };
    }
}
