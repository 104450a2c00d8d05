namespace MailPace.Mail.Bounces;

internal static class Lines
{
    private const int MaxLines = 20_000;
    private const int MaxLength = 4000;

    /// <summary>Lines without their ends; long ones are cut.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var at = 0;
        for (var count = 0; at < text.Length && count < MaxLines; count++)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            yield return text[at..Math.Min(end, at + MaxLength)].TrimEnd('\r');
            at = end + 1;
        }
    }
}
