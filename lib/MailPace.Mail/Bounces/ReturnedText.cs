namespace MailPace.Mail.Bounces;

/// <summary>Finds where a report's own words end and the returned message begins, where both are in one text.</summary>
internal static class ReturnedText
{
    /// <summary>Reports say what they have to say in less.</summary>
    private const int MaxWords = 64 * 1024;

    private static readonly string[] Markers =
    [
        "below this line is a copy",
        "this is a copy of",
        "enclosed is a copy",
        "original message",
        "unsent message",
        "message headers follow",
        "header of the original",
        "headers of the original",
        "copy of the original",
        "returned message",
        "returned mail follows",
        "copy of the message",
        "copy of your message",
        "original mail as follows",
        "non-delivered message",
        "undelivered message follows",
        "message text follows",
        "bounced e-mail",
        "message header follows",
    ];

    /// <summary>The report's own words.</summary>
    public static string Before(string text)
    {
        var end = BorderOf(text);
        return text[..Math.Min(end < 0 ? text.Length : end, MaxWords)];
    }

    public static ReturnedHeader? Find(string text)
    {
        var border = BorderOf(text);
        if (border < 0)
        {
            return null;
        }

        // Behind the marker come its own line, rules and empty lines, then fields.
        var rest = text[border..];
        for (var tries = 0; tries < 6 && rest.Length > 0; tries++)
        {
            if (ReturnedHeader.Read(rest) is { } header && (header["To"] ?? header["From"] ?? header["Message-ID"] ?? header["Received"]) is not null)
            {
                return header;
            }

            var next = rest.IndexOf("\n\n", StringComparison.Ordinal) is var lf and >= 0 ? lf + 2 : rest.IndexOf("\n\r\n", StringComparison.Ordinal) is var crlf and >= 0 ? crlf + 3 : -1;
            rest = next < 0 ? "" : rest[next..];
        }

        return null;
    }

    private static int BorderOf(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            if (IsBorder(text.AsSpan(at, end - at).Trim()))
            {
                return at;
            }

            at = end + 1;
        }

        return -1;
    }

    private static bool IsBorder(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("Received:", StringComparison.Ordinal) || line.StartsWith("Return-Path:", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (line.Length is 0 or > 90)
        {
            return false;
        }

        var isRuled = line.StartsWith("--", StringComparison.Ordinal) || line.EndsWith("follows.", StringComparison.Ordinal) || line.EndsWith("follow.", StringComparison.Ordinal)
            || line.EndsWith("follows", StringComparison.Ordinal) || line.EndsWith(':');
        if (!isRuled)
        {
            return false;
        }

        foreach (var marker in Markers)
        {
            if (line.Contains(marker, StringComparison.OrdinalIgnoreCase))
            {
                // "The original message was received at …" begins reports, it doesn't end them.
                return !line.Contains("was received", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }
}
