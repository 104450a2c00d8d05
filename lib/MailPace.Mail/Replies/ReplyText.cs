using System.Text;

namespace MailPace.Mail.Replies;

/// <summary>
/// Brings a remote's text into the form that rules are written in: lower case, single spaces, straight apostrophes, and every
/// mail address as a lone <c>@</c>, so that no rule is met by what an address spells.
/// </summary>
internal static class ReplyText
{
    public const int MaxLength = 2000;

    public static string Normalise(string text)
    {
        var normal = new StringBuilder(Math.Min(text.Length, MaxLength));
        var at = 0;
        while (at < text.Length && normal.Length < MaxLength)
        {
            if (char.IsWhiteSpace(text[at]) || char.IsControl(text[at]))
            {
                at++;
                continue;
            }

            var end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && !char.IsControl(text[end]))
            {
                end++;
            }

            if (normal.Length > 0)
            {
                normal.Append(' ');
            }

            AppendWord(text.AsSpan(at, Math.Min(end - at, MaxLength)), normal);
            at = end;
        }

        return normal.ToString();
    }

    private static void AppendWord(ReadOnlySpan<char> word, StringBuilder normal)
    {
        var sign = word.IndexOf('@');
        while (sign >= 0)
        {
            var start = sign;
            while (start > 0 && IsOfAddress(word[start - 1]))
            {
                start--;
            }

            var end = sign + 1;
            while (end < word.Length && IsOfDomain(word[end]))
            {
                end++;
            }

            AppendLower(word[..start], normal);
            normal.Append('@');
            word = word[end..];
            sign = word.IndexOf('@');
        }

        AppendLower(word, normal);
    }

    private static void AppendLower(ReadOnlySpan<char> piece, StringBuilder normal)
    {
        foreach (var letter in piece)
        {
            normal.Append(letter is '\u2019' or '\u2018' or '\u00B4' or '`' ? '\'' : char.ToLowerInvariant(letter));
        }
    }

    private static bool IsOfAddress(char letter) => letter is not ('<' or '>' or '(' or ')' or '[' or ']' or ',' or ';' or ':' or '\'');

    private static bool IsOfDomain(char letter) => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_';
}
