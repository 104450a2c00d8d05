using System.Text;

namespace MailPace.Mail.Addresses;

/// <summary>
/// Text that people wrote and that ends up in a header field or on a page. U+0085, U+2028 and U+2029 count as line
/// breaks, since some readers break lines there.
/// </summary>
public static class DisplayText
{
    /// <summary>No control, no line or paragraph separator, no half of a surrogate pair.</summary>
    public static bool IsClean(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != System.Buffers.OperationStatus.Done || IsForbidden(rune))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    /// <summary>The same text with each run of forbidden characters turned into one space, and trimmed.</summary>
    public static string Clean(string text)
    {
        if (IsClean(text))
        {
            return text.Trim();
        }

        var clean = new StringBuilder(text.Length);
        var afterForbidden = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var forbidden = IsForbidden(rune);
            if (!forbidden)
            {
                clean.Append(rune);
            }
            else if (!afterForbidden)
            {
                clean.Append(' ');
            }

            afterForbidden = forbidden;
        }

        return clean.ToString().Trim();
    }

    private static bool IsForbidden(Rune rune) => Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029;
}
