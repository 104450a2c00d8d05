using System.Globalization;

namespace MailPace.Mail.Replies;

/// <summary>An enhanced status code (RFC 3463 §2), such as 5.1.1.</summary>
public readonly record struct EnhancedStatusCode(int Class, int Subject, int Detail)
{
    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedStatusCode code)
    {
        code = default;
        Span<Range> parts = stackalloc Range[4];
        if (text.Length > 9 || text.Split(parts, '.') != 3
            || !int.TryParse(text[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var @class) || @class is not (2 or 4 or 5)
            || !int.TryParse(text[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var subject) || subject > 999
            || !int.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var detail) || detail > 999)
        {
            return false;
        }

        code = new EnhancedStatusCode(@class, subject, detail);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");
}
