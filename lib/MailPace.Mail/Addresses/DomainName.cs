using System.Globalization;
using System.Text;

namespace MailPace.Mail.Addresses;

/// <summary>
/// A host name as it stands after the @ (RFC 5321 §4.1.2, RFC 1123 §2.1), U-labels turned into A-labels (RFC 5891).
/// A trailing dot is refused: no address carries one, and it would make two names of one domain.
/// </summary>
public static class DomainName
{
    private const int MaxLabel = 63;
    private const int MaxName = 253;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = false };

    /// <param name="text">The name, ASCII or international.</param>
    /// <param name="domain">A-label in lower case.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out string domain)
    {
        domain = "";
        if (text.IsEmpty || text.Length > MaxName)
        {
            return false;
        }

        if (!Ascii.IsValid(text))
        {
            if (!TryMap(text, out var mapped))
            {
                return false;
            }

            text = mapped;
        }

        if (text.Length > MaxName || !IsHostName(text))
        {
            return false;
        }

        domain = text.ToString().ToLowerInvariant();
        return true;
    }

    private static bool TryMap(ReadOnlySpan<char> text, out string mapped)
    {
        mapped = "";

        // The dots of RFC 3490 §3.1 arrive from East Asian keyboards.
        var name = text.ToString().Replace('\u3002', '.').Replace('\uFF0E', '.').Replace('\uFF61', '.').ToLowerInvariant();
        foreach (var rune in name.EnumerateRunes())
        {
            if (!IsAdmitted(rune))
            {
                return false;
            }
        }

        try
        {
            mapped = Idn.GetAscii(name);
            return true;
        }
        catch (ArgumentException)
        {
            // The framework has no Try form.
            return false;
        }
    }

    /// <summary>
    /// Letters, marks and digits, as IDNA 2008 has it (RFC 5892 §2.1). Compatibility forms such as full-width letters
    /// would have to be mapped first; a client that has those meant something else.
    /// </summary>
    private static bool IsAdmitted(Rune rune)
    {
        if (rune.IsAscii)
        {
            return true;
        }

        if (rune.Value is >= 0xFB00 and <= 0xFFFF)
        {
            return false;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber => true,
            _ => rune.Value is 0x00B7 or 0x30FB,
        };
    }

    private static bool IsHostName(ReadOnlySpan<char> name)
    {
        var lastIsNumeric = false;
        while (true)
        {
            var dot = name.IndexOf('.');
            var label = dot < 0 ? name : name[..dot];
            if (!IsLabel(label))
            {
                return false;
            }

            lastIsNumeric = !label.ContainsAnyExceptInRange('0', '9');
            if (dot < 0)
            {
                // RFC 3696 §2: a top-level domain isn't all-numeric; such a name would be taken for an IPv4 address.
                return !lastIsNumeric;
            }

            name = name[(dot + 1)..];
        }
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty || label.Length > MaxLabel || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }

        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
