namespace MailPace.Mail.Composition;

/// <summary>Message-ids as clients write them, with and without angle brackets (RFC 5322 §3.6.4).</summary>
internal static class MessageIds
{
    public const int MaxReferences = 100;

    private const int MaxLength = 500;

    /// <param name="given">Ids, separated by white space or commas; absent and empty mean none.</param>
    /// <param name="max">How many there may be.</param>
    /// <param name="ids">Each in angle brackets, separated by one space.</param>
    public static bool TryRead(string? given, int max, out string? ids)
    {
        ids = null;
        if (string.IsNullOrWhiteSpace(given))
        {
            return true;
        }

        var found = given.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        if (found.Length > max)
        {
            return false;
        }

        for (var i = 0; i < found.Length; i++)
        {
            var id = found[i];
            var bare = id.StartsWith('<') && id.EndsWith('>') ? id[1..^1] : id;
            if (bare.Length is 0 or > MaxLength || bare.AsSpan().ContainsAnyExceptInRange('!', '~') || bare.AsSpan().ContainsAny('<', '>'))
            {
                return false;
            }

            found[i] = $"<{bare}>";
        }

        ids = string.Join(' ', found);
        return true;
    }
}
