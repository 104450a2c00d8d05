namespace MailPace.Mail.Bounces;

/// <summary>
/// Reads reports that are meant for people: qmail's, Exim's, old Sendmail's, Exchange's, the providers' own. What they have in
/// common: a line begins with, or announces, the address, and what went wrong stands behind it, or below, or before.
/// </summary>
internal static class WordedReport
{
    private const int MaxRecipients = 100;

    /// <summary>What stands before an address on its line.</summary>
    private static readonly string[] Announcements =
    [
        "recipient: ", "recipient:", "recipient address: ", "could not be delivered to: ", "could not be delivered to ", "unable to deliver message to: ", "unable to deliver message to ",
        "undeliverable to ", "error delivering your mail to ", "userid: ", "attempts: ", "user unknown: ", "unknown user: ", "unknown user ", "wasn't delivered to ", "was not delivered to ",
        "following recipient: ", "following recipients: ", "did not reach the following recipient: ", "to the following address: ", "failed recipient: ", "failed address: ", "mailbox full: ",
        "rcpt to:", "to deliver to ", "delivered to the following recipient: ", "mail to ", "your message to ", "target mail address: ", "could not deliver mail to ", "delivery to ",
        "over quota: ", "undeliverable address: ", "this mailing list ", "message-id in ", "an error occurred while sending mail to ",
    ];

    /// <summary>Behind these words comes an address that nothing failed for.</summary>
    private static readonly string[] OtherParties = ["message sent by", "sent by", "from:", "sender:", "reply-to:", "please contact", "for assistance", "send mail to", "to the address", "in: "];

    public static IReadOnlyList<(string Address, string Words)> Read(string words)
    {
        var found = new List<(string Address, List<string> Words)>();
        var skipNext = false;
        var isOpen = false;
        foreach (var line in Lines.Of(words))
        {
            var text = Unquoted(line);
            if (text.Length == 0)
            {
                // One empty line may stand between the address and what is said about it.
                isOpen = isOpen && found.Count > 0 && found[^1].Words.Count == 0;
                continue;
            }

            if (TryReadHeading(text, out var address, out var rest, out var isWhole) && !skipNext)
            {
                var known = found.FindIndex(entry => entry.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
                if (known >= 0)
                {
                    // "<a@b>... User unknown" below "RCPT To:<a@b>": more about the same one.
                    found[known].Words.Add(rest.Length > 0 ? rest : text);
                }
                else if (found.Count < MaxRecipients)
                {
                    found.Add((address, rest.Length > 0 ? [rest] : []));
                }

                isOpen = (known < 0 || known == found.Count - 1) && !isWhole;
                continue;
            }

            skipNext = Array.Exists(OtherParties, party => text.EndsWith(party, StringComparison.OrdinalIgnoreCase) || text.TrimEnd(':', ' ').EndsWith(party, StringComparison.OrdinalIgnoreCase));
            if (isOpen)
            {
                found[^1].Words.Add(text);
            }
        }

        return [.. found.Select(entry => (entry.Address, string.Join(' ', entry.Words)))];
    }

    /// <summary>Forwarded reports are quoted.</summary>
    private static string Unquoted(string line)
    {
        var text = line.Trim();
        return text.StartsWith("> ", StringComparison.Ordinal) ? text[2..].Trim() : text is ">" ? "" : text;
    }

    /// <param name="line">Trimmed.</param>
    /// <param name="address">The one the line is about.</param>
    /// <param name="rest">What it says about it.</param>
    /// <param name="isWhole">Sendmail's <c>554 &lt;a@b&gt;... 550 Host unknown</c>: the lines below are about others.</param>
    private static bool TryReadHeading(string line, out string address, out string rest, out bool isWhole)
    {
        isWhole = false;
        var text = line;
        if (text.StartsWith(">>> ", StringComparison.Ordinal))
        {
            text = text[4..].Trim();
        }

        // "554 <a@b>... 550 Host unknown"
        if (text.Length > 6 && char.IsAsciiDigit(text[0]) && text[3] == ' ' && text[4] == '<' && text.Contains(">...", StringComparison.Ordinal))
        {
            isWhole = AddressText.TryReadStart(text[4..], out address, out rest);
            rest = text;
            return isWhole;
        }

        if (AddressText.TryReadStart(text, out address, out rest))
        {
            // A name before the address may look like one itself.
            if (rest.TrimStart().StartsWith('<') && AddressText.TryReadStart(rest, out var inner, out var behind))
            {
                (address, rest) = (inner, behind);
            }

            rest = Trim(rest);
            return true;
        }

        foreach (var announcement in Announcements)
        {
            var at = text.IndexOf(announcement, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && AddressText.TryReadStart(text[(at + announcement.Length)..], out address, out rest))
            {
                rest = at == 0 || rest.Trim(' ', '.', ':', ';').Length > 0 && at < 20 ? Trim(rest) : text;
                return true;
            }
        }

        return false;
    }

    private static string Trim(string rest) => rest.TrimStart(' ', ':', '>', ',', '-', '.', '"', ')').Trim();
}
