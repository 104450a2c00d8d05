using System.Buffers;
using System.Globalization;

namespace MailPace.Mail.Replies;

/// <summary>An enhanced mail system status code (RFC 3463).</summary>
/// <param name="Class">2 success, 4 persistent transient failure, 5 permanent failure.</param>
/// <param name="Subject">0 to 999.</param>
/// <param name="Detail">0 to 999.</param>
public readonly record struct EnhancedStatusCode(int Class, int Subject, int Detail)
{
    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    public bool IsValid => Class is 2 or 4 or 5 && Subject is >= 0 and <= 999 && Detail is >= 0 and <= 999;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    /// <summary>Takes a code at the start of <paramref name="text"/> that ends there or before a space.</summary>
    public static bool TryReadPrefix(ReadOnlySpan<char> text, out EnhancedStatusCode code, out int length)
    {
        code = default;
        length = text.IndexOf(' ');
        if (length < 0)
        {
            length = text.Length;
        }

        return TryParse(text[..length], out code);
    }

    /// <summary>
    /// Looks for a code anywhere in a text, as servers write that don't know RFC 2034 (<c>(#5.1.1)</c>, <c>550-5.7.26</c>). A part of an
    /// IP address is none, and one whose class contradicts the reply code neither.
    /// </summary>
    /// <param name="replyCode">0 for none.</param>
    public static bool TryFind(ReadOnlySpan<char> text, int replyCode, out EnhancedStatusCode code)
    {
        for (var at = 0; at + 5 <= text.Length; at++)
        {
            if (text[at + 1] != '.' || text[at] is not ('4' or '5') || (at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '.' or '/')))
            {
                continue;
            }

            var rest = text[at..];
            var end = rest.IndexOfAnyExcept(DigitsAndDots);
            var candidate = (end < 0 ? rest : rest[..end]).TrimEnd('.');
            if ((end < 0 || !char.IsLetter(rest[end])) && TryParse(candidate, out code) && (replyCode is < 400 or > 599 || replyCode / 100 == code.Class))
            {
                return true;
            }
        }

        code = default;
        return false;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedStatusCode code)
    {
        code = default;
        if (text.Length is < 5 or > 9 || text[1] != '.' || text[0] is not ('2' or '4' or '5'))
        {
            return false;
        }

        var rest = text[2..];
        var dot = rest.IndexOf('.');
        if (dot < 0 || !TryParseNumber(rest[..dot], out var subject) || !TryParseNumber(rest[(dot + 1)..], out var detail))
        {
            return false;
        }

        code = new EnhancedStatusCode(text[0] - '0', subject, detail);
        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        return text.Length is >= 1 and <= 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
