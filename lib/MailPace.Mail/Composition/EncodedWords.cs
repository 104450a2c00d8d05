using System.Text;

namespace MailPace.Mail.Composition;

/// <summary>
/// Encodes text as RFC 2047 encoded words in UTF-8, each of at most 75 characters and of whole characters. Text that looks
/// like an encoded word is encoded as well, so that the reader sees what the client wrote and not what it decodes to.
/// </summary>
internal static class EncodedWords
{
    private const int MaxWord = 75;
    private const string Base64Prefix = "=?utf-8?B?";
    private const string QuotedPrefix = "=?utf-8?Q?";
    private const string Suffix = "?=";

    public static bool IsNeeded(string text)
        => text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            || text.Contains("=?", StringComparison.Ordinal)
            || text.Contains("  ", StringComparison.Ordinal)
            || HasLongPiece(text);

    /// <param name="text">Without controls.</param>
    /// <param name="column">Where the first word begins.</param>
    /// <returns>Words, separated by a single space: a reader drops the white space between them.</returns>
    public static string Encode(string text, int column)
    {
        var octets = Encoding.UTF8.GetByteCount(text);
        var quotedLength = QuotedLength(text);
        return quotedLength <= (octets + 2) / 3 * 4 ? EncodeQuoted(text, column) : EncodeBase64(text, column);
    }

    private static string EncodeBase64(string text, int column)
    {
        // Whole characters per word, so that each can be decoded alone (RFC 2047 §5).
        var words = new StringBuilder();
        var held = new List<byte>(64);
        var room = Room(column);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            if ((held.Count + length + 2) / 3 * 4 > room && held.Count > 0)
            {
                words.Append(Base64Prefix).Append(Convert.ToBase64String([.. held])).Append(Suffix).Append(' ');
                held.Clear();
                room = Room(0);
            }

            held.AddRange(utf8[..length]);
        }

        return words.Append(Base64Prefix).Append(Convert.ToBase64String([.. held])).Append(Suffix).ToString();
    }

    private static string EncodeQuoted(string text, int column)
    {
        var words = new StringBuilder(QuotedPrefix);
        var used = 0;
        var room = Room(column);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            var size = IsPlain(rune) || rune.Value == ' ' ? 1 : 3 * length;
            if (used + size > room && used > 0)
            {
                words.Append(Suffix).Append(' ').Append(QuotedPrefix);
                used = 0;
                room = Room(0);
            }

            used += size;
            if (rune.Value == ' ')
            {
                words.Append('_');
            }
            else if (IsPlain(rune))
            {
                words.Append((char)rune.Value);
            }
            else
            {
                foreach (var octet in utf8[..length])
                {
                    words.Append('=').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
                }
            }
        }

        return words.Append(Suffix).ToString();
    }

    private static int Room(int column) => Math.Max(16, MaxWord - Base64Prefix.Length - Suffix.Length - column);

    private static int QuotedLength(string text)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            length += IsPlain(rune) || rune.Value == ' ' ? 1 : 3 * rune.Utf8SequenceLength;
        }

        return length;
    }

    /// <summary>What stands for itself also within a phrase (RFC 2047 §5 (3)).</summary>
    private static bool IsPlain(Rune rune)
        => rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || "!*+-/".Contains((char)rune.Value));

    private static bool HasLongPiece(string text)
    {
        foreach (var piece in text.AsSpan().Split(' '))
        {
            if (piece.End.Value - piece.Start.Value > HeaderBuilder.MaxPiece)
            {
                return true;
            }
        }

        return false;
    }
}
