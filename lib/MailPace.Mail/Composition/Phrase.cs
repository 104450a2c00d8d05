using MailPace.Mail.Addresses;

namespace MailPace.Mail.Composition;

/// <summary>A mailbox in a header field (RFC 5322 §3.4).</summary>
internal static class Phrase
{
    /// <summary>Longer names are encoded, since a quoted string can't be folded inside a word.</summary>
    private const int MaxQuoted = 60;

    public static string Of(Mailbox mailbox)
    {
        var name = mailbox.Name is null ? "" : DisplayText.Clean(mailbox.Name);
        return name.Length == 0 ? mailbox.Address.Address : $"{Write(name)} <{mailbox.Address}>";
    }

    private static string Write(string name)
    {
        if (EncodedWords.IsNeeded(name) || name.Length > MaxQuoted || name.Contains("  ", StringComparison.Ordinal))
        {
            return EncodedWords.Encode(name, 0);
        }

        return name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '+' or '!')
            ? name
            : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
