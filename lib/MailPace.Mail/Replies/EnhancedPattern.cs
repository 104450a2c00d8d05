using System.Globalization;

namespace MailPace.Mail.Replies;

/// <summary>Enhanced status codes that a rule is for: <c>5.1.1</c>, <c>*.1.1</c>, <c>5.1.*</c>; <c>0</c> for none given.</summary>
internal readonly record struct EnhancedPattern(int? Class, int? Subject, int? Detail, bool IsNone)
{
    public static EnhancedPattern Parse(string text)
    {
        if (text == "0")
        {
            return new EnhancedPattern(null, null, null, IsNone: true);
        }

        var parts = text.Split('.');
        return parts.Length == 3
            ? new EnhancedPattern(PartOf(parts[0]), PartOf(parts[1]), PartOf(parts[2]), IsNone: false)
            : throw new FormatException($"{text} is no pattern of enhanced status codes.");
    }

    public bool IsMet(EnhancedStatusCode? enhanced)
        => enhanced is { } code
            ? !IsNone && (Class ?? code.Class) == code.Class && (Subject ?? code.Subject) == code.Subject && (Detail ?? code.Detail) == code.Detail
            : IsNone;

    private static int? PartOf(string text) => text == "*" ? null : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
