using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailPace.Mail.Addresses;

/// <summary>
/// Address lists as real clients write them: quoted, unquoted and empty display names, names with unquoted dots or letters beyond
/// ASCII, commas within quotes. Linear in the length of the text.
/// </summary>
public static class MailboxList
{
    /// <summary>Longest text that is looked at.</summary>
    public const int MaximumLength = 64 * 1024;

    /// <summary>False when any part isn't a mailbox, or when there is none. An empty part (<c>a@b,,c@d</c>) is passed over.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<Mailbox>? list)
    {
        list = null;
        if (text.Length > MaximumLength)
        {
            return false;
        }

        var found = new List<Mailbox>();
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = EndOfMailbox(rest);
            if (end < 0)
            {
                return false; // a quote that doesn't end
            }

            var part = rest[..end].Trim();
            rest = end == rest.Length ? [] : rest[(end + 1)..];
            if (part.IsEmpty)
            {
                continue;
            }

            if (!TryParseOne(part, out var mailbox))
            {
                return false;
            }

            found.Add(mailbox);
        }

        list = found;
        return found.Count > 0;
    }

    /// <summary>Exactly one mailbox: <c>a@d</c>, <c>&lt;a@d&gt;</c> or <c>Name &lt;a@d&gt;</c>.</summary>
    public static bool TryParseOne(ReadOnlySpan<char> text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        text = text.Trim();
        if (text.IsEmpty || HasControls(text))
        {
            return false;
        }

        if (text[^1] != '>')
        {
            return EmailAddress.TryParse(text, out var bare) && (mailbox = new Mailbox(null, bare)) is not null;
        }

        var open = OpeningBracket(text);
        if (open < 0 || !EmailAddress.TryParse(text[(open + 1)..^1].Trim(), out var address))
        {
            return false;
        }

        if (!TryReadName(text[..open].Trim(), out var name))
        {
            return false;
        }

        mailbox = new Mailbox(name, address);
        return true;
    }

    private static int EndOfMailbox(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    return i;
            }
        }

        return quoted ? -1 : text.Length;
    }

    private static int OpeningBracket(ReadOnlySpan<char> text)
    {
        var quoted = false;
        var open = -1;
        for (var i = 0; i < text.Length - 1; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '<' when !quoted && open < 0:
                    open = i;
                    break;
                case '<' or '>' when !quoted:
                    return -1; // a second address
            }
        }

        return open;
    }

    private static bool TryReadName(ReadOnlySpan<char> text, out string? name)
    {
        name = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != '"')
        {
            name = text.ToString();
            return !text.Contains('"');
        }

        if (text.Length < 2 || text[^1] != '"')
        {
            return false;
        }

        var unquoted = new StringBuilder(text.Length);
        var inner = text[1..^1];
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '"')
            {
                return false;
            }

            if (inner[i] == '\\' && i + 1 < inner.Length)
            {
                i++;
            }

            unquoted.Append(inner[i]);
        }

        name = string.IsNullOrWhiteSpace(unquoted.ToString()) ? null : unquoted.ToString();
        return true;
    }

    /// <summary>C0 and C1 controls and the Unicode line separators end no header field of ours.</summary>
    private static bool HasControls(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\0', '\x1f') || text.ContainsAnyInRange('\x7f', '\x9f') || text.ContainsAny('\u2028', '\u2029');
}
