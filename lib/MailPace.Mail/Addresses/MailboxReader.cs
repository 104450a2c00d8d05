using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailPace.Mail.Addresses;

/// <summary>Reads one element of an address list.</summary>
internal static class MailboxReader
{
    /// <summary>Finds the comma that ends the first element: one outside quotes, angle brackets and comments.</summary>
    public static bool TryFindEnd(ReadOnlySpan<char> text, out int length)
    {
        var quoted = false;
        var angle = false;
        var comment = false;
        for (length = 0; length < text.Length; length++)
        {
            var c = text[length];
            if (quoted)
            {
                if (c == '\\')
                {
                    length++;
                }

                quoted = c != '"';
                continue;
            }

            switch (c)
            {
                case '"' when !comment:
                    quoted = true;
                    break;
                case '<' when !comment:
                    angle = true;
                    break;
                case '>' when !comment:
                    angle = false;
                    break;
                case '(':
                    comment = true;
                    break;
                case ')':
                    comment = false;
                    break;
                case ',' when !angle && !comment:
                    return true;
            }
        }

        length = text.Length;
        return !quoted && !angle && !comment;
    }

    /// <summary>Takes an element that isn't empty, without surrounding white space.</summary>
    public static bool TryRead(ReadOnlySpan<char> element, MailboxGrammar grammar, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (element[^1] == '>')
        {
            return TryReadNamed(element, grammar, out mailbox);
        }

        string? name = null;
        if (element[^1] == ')')
        {
            // "a@b (Name)", the form of RFC 822 §6.1 that Unix tools still write.
            var open = element.IndexOf('(');
            var comment = element[(open + 1)..^1];
            if (open <= 0 || comment.ContainsAny('(', ')', '\\') || !DisplayText.IsClean(comment))
            {
                return false;
            }

            name = NullIfEmpty(comment.Trim().ToString());
            element = element[..open].TrimEnd(" \t");
        }

        if (!EmailAddress.TryParse(element, out var address))
        {
            return false;
        }

        mailbox = new Mailbox(name, address);
        return true;
    }

    private static bool TryReadNamed(ReadOnlySpan<char> element, MailboxGrammar grammar, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (!TryReadName(element, grammar, out var name, out var open)
            || !EmailAddress.TryParse(element[(open + 1)..^1].Trim(" \t"), out var address))
        {
            return false;
        }

        mailbox = new Mailbox(name, address);
        return true;
    }

    /// <summary>Reads words and quoted strings up to the opening angle bracket.</summary>
    private static bool TryReadName(ReadOnlySpan<char> element, MailboxGrammar grammar, out string? name, out int open)
    {
        name = null;
        var text = new StringBuilder(element.Length);
        for (open = 0; open < element.Length; open++)
        {
            var c = element[open];
            if (c == '<')
            {
                var read = text.ToString();
                name = NullIfEmpty(read.Trim());
                return DisplayText.IsClean(read);
            }

            if (c == '"')
            {
                if (!TryReadQuoted(element, text, ref open))
                {
                    return false;
                }

                continue;
            }

            if (c == '>' || (grammar == MailboxGrammar.Strict && "()[]:;@\\,".Contains(c)))
            {
                return false;
            }

            text.Append(c == '\t' ? ' ' : c);
        }

        return false;
    }

    /// <summary>Reads from the opening quote at <paramref name="index"/> and leaves it at the closing one.</summary>
    private static bool TryReadQuoted(ReadOnlySpan<char> element, StringBuilder text, ref int index)
    {
        for (index++; index < element.Length; index++)
        {
            var c = element[index];
            if (c == '"')
            {
                return true;
            }

            if (c == '\\' && ++index < element.Length)
            {
                c = element[index];
            }

            text.Append(c == '\t' ? ' ' : c);
        }

        return false;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
