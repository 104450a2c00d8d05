using System.Globalization;
using System.Text.RegularExpressions;
using MailPace.Contracts;
using MailPace.Mail.Addresses;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Bounces;

/// <summary>Takes an SMTP reply out of a report's words.</summary>
internal static class ReplyWords
{
    /// <summary>A code where a reply begins: at the start, or behind what servers write before it; not within a number, address or date.</summary>
    private static readonly Regex CodeStart = new(
        @"(?:^|[\s:;<'""(#\[,>])(?<code>[45][0-5][0-9])(?:[ \-:;,.)#]|$)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Status = new(
        @"(?:^|[^0-9.A-Za-z/])(?<status>[45]\.[0-9]{1,3}\.[0-9]{1,3})(?:[^0-9.]|\.?$|\.[^0-9])", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <param name="text">Words about the failure; several lines are one.</param>
    /// <param name="status">What the report has in its own field; null for none.</param>
    public static RemoteReply Of(string text, string? status)
    {
        var words = DisplayText.Clean(text).Trim();
        var code = 0;
        var start = 0;
        if (CodeStart.Match(words) is { Success: true } found)
        {
            var group = found.Groups["code"];
            code = int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            start = group.Index;
        }

        // What the refusing server said beats what the reporting one made of it.
        var rest = words[start..];
        var given = status is null ? null : StatusIn(status);
        var said = StatusIn(rest) ?? StatusIn(words);
        var enhanced = said is null || (IsVague(said) && given is not null) ? given : said;
        return new RemoteReply(code, enhanced, rest.Length > Reply.MaxText ? rest[..Reply.MaxText] : rest);
    }

    /// <summary>The first that says more than its class, otherwise the first.</summary>
    private static string? StatusIn(string text)
    {
        string? vague = null;
        foreach (var match in Status.Matches(text).Take(20))
        {
            var value = match.Groups["status"].Value;
            if (!IsVague(value))
            {
                return value;
            }

            vague ??= value;
        }

        return vague;
    }

    private static bool IsVague(string status) => status.AsSpan(1).StartsWith(".0.", StringComparison.Ordinal);
}
