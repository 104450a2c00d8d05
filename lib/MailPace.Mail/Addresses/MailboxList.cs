using System.Diagnostics.CodeAnalysis;

namespace MailPace.Mail.Addresses;

/// <summary>
/// A comma-separated list as API clients write it: names quoted, unquoted or empty, non-ASCII, commas inside quotes.
/// Controls and line separators are refused everywhere, so that nothing parsed here can start a header field.
/// </summary>
public static class MailboxList
{
    /// <summary>Reading stops one past this many, so that a list's cost is bounded while "too many" can still be told.</summary>
    public const int MaxCount = 1000;

    /// <summary>False for a list with no mailbox, or with anything that isn't one; empty elements are skipped.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IReadOnlyList<Mailbox>? list)
        => TryParse(text, MailboxGrammar.Tolerant, out list);

    /// <summary>Exactly one mailbox: <c>a@d</c>, <c>&lt;a@d&gt;</c> or <c>Name &lt;a@d&gt;</c>.</summary>
    public static bool TryParseOne(string? text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = TryParse(text, out var list) && list.Count == 1 ? list[0] : null;
        return mailbox is not null;
    }

    internal static bool TryParse(string? text, MailboxGrammar grammar, [NotNullWhen(true)] out IReadOnlyList<Mailbox>? list)
    {
        list = null;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var found = new List<Mailbox>();
        var rest = text.AsSpan();
        while (!rest.IsEmpty && found.Count <= MaxCount)
        {
            if (!MailboxReader.TryFindEnd(rest, out var length))
            {
                return false;
            }

            var element = rest[..length].Trim(" \t");
            rest = length < rest.Length ? rest[(length + 1)..] : [];
            if (element.IsEmpty)
            {
                continue;
            }

            if (!MailboxReader.TryRead(element, grammar, out var mailbox))
            {
                return false;
            }

            found.Add(mailbox);
        }

        list = found;
        return found.Count > 0;
    }
}
