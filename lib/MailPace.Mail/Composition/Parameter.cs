using System.Globalization;
using System.Text;

namespace MailPace.Mail.Composition;

/// <summary>MIME parameters that hold a file name, each on a line of its own.</summary>
internal static class Parameter
{
    private const int MaxValue = 60;

    /// <summary>The form of the standard: plain where it's ASCII and short, else percent-encoded and in pieces (RFC 2231 §3 and 4).</summary>
    public static string Rfc2231(string name, string value)
    {
        if (IsPlain(value) && value.Length <= MaxValue)
        {
            return $";\r\n {name}={Quote(value)}";
        }

        var pieces = Pieces(value);
        if (pieces.Count == 1)
        {
            return $";\r\n {name}*=utf-8''{pieces[0]}";
        }

        var text = new StringBuilder();
        for (var i = 0; i < pieces.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $";\r\n {name}*{i}*={(i == 0 ? "utf-8''" : "")}{pieces[i]}");
        }

        return text.ToString();
    }

    /// <summary>The form for readers that don't know RFC 2231: an encoded word inside the quotes.</summary>
    public static string EncodedName(string name, string value)
        => IsPlain(value)
            ? $";\r\n {name}={Quote(value)}"
            : $";\r\n {name}=\"{EncodedWords.Encode(value, name.Length + 3).Replace(" ", "\r\n ", StringComparison.Ordinal)}\"";

    private static bool IsPlain(string value)
        => !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && !value.Contains("=?", StringComparison.Ordinal);

    private static string Quote(string value)
        => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static List<string> Pieces(string value)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            // attribute-char of RFC 2231 §7, less the marks that other grammars use.
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'.' or (byte)'-' or (byte)'_')
            {
                piece.Append((char)octet);
            }
            else
            {
                piece.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }

            if (piece.Length >= MaxValue - 3)
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }
        }

        if (piece.Length > 0)
        {
            pieces.Add(piece.ToString());
        }

        return pieces;
    }
}
