using System.Text;
using MailPace.Mail.Addresses;
using MimeKit.Utils;

namespace MailPace.Mail.Headers;

/// <summary>Turns raw field values into text.</summary>
public static class HeaderText
{
    /// <summary>What is decoded of one value; a longer one is cut, so that a flood of encoded words costs little.</summary>
    private const int MaxDecoded = 16 * 1024;

    /// <summary>Unfolds (RFC 5322 §2.2.3) and trims; octets above 127 are read as UTF-8.</summary>
    public static string Unfold(ReadOnlySpan<byte> rawValue)
    {
        var text = Encoding.UTF8.GetString(rawValue);
        if (text.Contains('\r', StringComparison.Ordinal))
        {
            text = text.Replace("\r\n", "", StringComparison.Ordinal);
        }

        return text.Trim(' ', '\t');
    }

    /// <summary>Text of ours as <see cref="Decode"/> would give it back: without controls, and no longer.</summary>
    public static string Shorten(string text)
    {
        var clean = DisplayText.Clean(text);
        if (clean.Length <= MaxDecoded)
        {
            return clean;
        }

        return char.IsHighSurrogate(clean[MaxDecoded - 1]) ? clean[..(MaxDecoded - 1)] : clean[..MaxDecoded];
    }

    /// <summary>Unfolds, decodes encoded words (RFC 2047), and leaves no control in the result.</summary>
    public static string Decode(ReadOnlySpan<byte> rawValue)
    {
        if (rawValue.Length > MaxDecoded)
        {
            rawValue = rawValue[..MaxDecoded];
        }

        if (rawValue.IndexOf("=?"u8) < 0)
        {
            return DisplayText.Clean(Unfold(rawValue));
        }

        var unfolded = Encoding.UTF8.GetBytes(Unfold(rawValue));
        return DisplayText.Clean(Rfc2047.DecodeText(unfolded));
    }
}
