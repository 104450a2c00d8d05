using System.Text;

namespace MailPace.Mail.Dkim;

/// <summary>
/// A TXT record as a zone file has it (RFC 1035 §5.1): quoted strings of at most 255 octets each (§3.3.14), which a DKIM
/// verifier joins without anything between them (RFC 6376 §3.6.2.2).
/// </summary>
public static class TxtStrings
{
    private const int MaxLength = 255;

    /// <param name="text">The record's whole text, in ASCII.</param>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 8);
        for (var at = 0; at == 0 || at < text.Length; at += MaxLength)
        {
            quoted.Append(at == 0 ? "\"" : " \"");
            foreach (var c in text.AsSpan(at, Math.Min(MaxLength, text.Length - at)))
            {
                quoted.Append(c is '"' or '\\' ? "\\" : "").Append(c);
            }

            quoted.Append('"');
        }

        return quoted.ToString();
    }
}
