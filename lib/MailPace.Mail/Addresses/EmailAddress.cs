using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MailPace.Mail.Addresses;

/// <summary>
/// A Mailbox of RFC 5321 §4.1.2, with the extensions of RFC 6531. The domain is kept as A-labels in lower case, the local part as
/// given. Address literals and comments are not taken: no transactional email goes to one.
/// </summary>
public readonly record struct EmailAddress
{
    private const int LocalPartOctets = 64;
    private const int DomainOctets = 255;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    private EmailAddress(string localPart, string domain)
    {
        LocalPart = localPart;
        Domain = domain;
    }

    /// <summary>As given, quotes included.</summary>
    public string LocalPart { get; }

    /// <summary>A-labels, lower case, without a trailing dot.</summary>
    public string Domain { get; }

    /// <summary>False when the local part needs SMTPUTF8.</summary>
    public bool IsAscii => System.Text.Ascii.IsValid(LocalPart);

    public static bool TryParse(ReadOnlySpan<char> text, out EmailAddress address)
    {
        address = default;
        var at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1)
        {
            return false;
        }

        var local = text[..at];
        if (System.Text.Encoding.UTF8.GetByteCount(local) > LocalPartOctets || !IsLocalPart(local) || !TryNormaliseDomain(text[(at + 1)..], out var domain))
        {
            return false;
        }

        address = new EmailAddress(local.ToString(), domain);
        return true;
    }

    /// <summary>A domain name as A-labels in lower case; a single trailing dot is dropped.</summary>
    public static bool TryNormaliseDomain(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? domain)
    {
        domain = null;
        if (text.EndsWith("."))
        {
            text = text[..^1];
        }

        if (text.IsEmpty || text.Length > DomainOctets)
        {
            return false;
        }

        string ascii;
        if (System.Text.Ascii.IsValid(text))
        {
            ascii = text.ToString().ToLowerInvariant();
        }
        else
        {
            try
            {
                ascii = Idn.GetAscii(text.ToString()).ToLowerInvariant();
            }
            catch (ArgumentException)
            {
                return false; // not a name that IDNA can express
            }
        }

        if (ascii.Length > DomainOctets || !AreLabels(ascii))
        {
            return false;
        }

        domain = ascii;
        return true;
    }

    public override string ToString() => $"{LocalPart}@{Domain}";

    private static bool IsLocalPart(ReadOnlySpan<char> local) => local[0] == '"' ? IsQuotedString(local) : IsDotString(local);

    private static bool IsDotString(ReadOnlySpan<char> local)
    {
        var previousWasDot = true;
        foreach (var c in local)
        {
            if (c == '.' && previousWasDot)
            {
                return false;
            }

            previousWasDot = c == '.';
            if (!previousWasDot && !IsAtomText(c))
            {
                return false;
            }
        }

        return !previousWasDot && AreSurrogatesPaired(local);
    }

    private static bool IsQuotedString(ReadOnlySpan<char> local)
    {
        if (local.Length < 3 || local[^1] != '"')
        {
            return false;
        }

        var inner = local[1..^1];
        for (var i = 0; i < inner.Length; i++)
        {
            var c = inner[i];
            if (c == '\\')
            {
                i++;
                if (i == inner.Length || inner[i] is < ' ' or > '~')
                {
                    return false;
                }
            }
            else if (c == '"' || c < ' ' || c == '\x7f' || !IsPlainText(c))
            {
                return false;
            }
        }

        return AreSurrogatesPaired(local);
    }

    private static bool IsAtomText(char c) =>
        char.IsAsciiLetterOrDigit(c) || (c < 128 ? "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal) : IsPlainText(c));

    /// <summary>No controls, separators or invisible format characters: they serve injection and spoofing only.</summary>
    private static bool IsPlainText(char c) => c < 128 || char.GetUnicodeCategory(c) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static bool AreSurrogatesPaired(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreLabels(string domain)
    {
        foreach (var range in domain.AsSpan().Split('.'))
        {
            var label = domain.AsSpan(range);
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
