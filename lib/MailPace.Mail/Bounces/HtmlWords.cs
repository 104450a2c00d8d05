using System.Net;
using System.Text;

namespace MailPace.Mail.Bounces;

/// <summary>HTML without its tags: good enough to look for words in.</summary>
internal static class HtmlWords
{
    public static string Of(string html)
    {
        var text = new StringBuilder(html.Length);
        var at = 0;
        while (at < html.Length)
        {
            var open = html.IndexOf('<', at);
            if (open < 0)
            {
                text.Append(html, at, html.Length - at);
                break;
            }

            text.Append(html, at, open - at);
            var close = html.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            text.Append(IsBreak(html.AsSpan(open + 1, close - open - 1)) ? '\n' : ' ');
            at = close + 1;
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    private static bool IsBreak(ReadOnlySpan<char> tag)
    {
        tag = tag.TrimStart('/');
        return tag.StartsWith("br", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("p", StringComparison.OrdinalIgnoreCase)
            || tag.StartsWith("div", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("tr", StringComparison.OrdinalIgnoreCase)
            || tag.StartsWith("li", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("h", StringComparison.OrdinalIgnoreCase);
    }
}
