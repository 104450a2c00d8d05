using System.Text.RegularExpressions;

namespace MailPace.Mail.Bounces;

/// <summary>Finds mail addresses in text that people and programs wrote.</summary>
internal static class AddressText
{
    private const string Pattern = """(?:"[^"\r\n]{1,64}"|[^\s\x00-\x1F\x7F<>()\[\],;:"'@]{1,128})@(?:[A-Za-z0-9\u00C0-\u024F](?:[A-Za-z0-9\u00C0-\u024F._-]{0,250}[A-Za-z0-9\u00C0-\u024F])?)""";

    private static readonly Regex Anywhere = new(Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>The first address in <paramref name="text"/>; null when there's none.</summary>
    public static string? First(string text)
    {
        var match = text.Contains('@', StringComparison.Ordinal) ? Anywhere.Match(text) : Match.Empty;
        return match.Success ? match.Value.TrimStart('.', '-', '=') : null;
    }

    public static IEnumerable<string> All(string text)
        => text.Contains('@', StringComparison.Ordinal) ? Anywhere.Matches(text).Select(match => match.Value) : [];

    /// <summary>The address at the very start, behind brackets and quotes only, and what follows it.</summary>
    public static bool TryReadStart(string line, out string address, out string rest)
    {
        var text = line.TrimStart(' ', '\t', '<', '"', '\'', '*', '>');
        address = rest = "";
        if (!text.Contains('@', StringComparison.Ordinal))
        {
            return false;
        }

        // A quoted local part has lost its first quote.
        var start = text.StartsWith("\"@", StringComparison.Ordinal) || line.TrimStart(' ', '\t', '<').StartsWith('"') && text.IndexOf("\"@", StringComparison.Ordinal) is > 0 and < 65
            ? line[line.IndexOf('"', StringComparison.Ordinal)..]
            : text;
        var match = Anywhere.Match(start);
        if (!match.Success || match.Index != 0)
        {
            return false;
        }

        address = match.Value;
        rest = start[match.Length..].TrimStart('>', '"', '\'');
        return true;
    }

    /// <summary>The address of a field such as Final-Recipient: <c>rfc822; a@b</c>.</summary>
    public static string? OfField(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        return First(semicolon >= 0 ? value[(semicolon + 1)..] : value);
    }
}
