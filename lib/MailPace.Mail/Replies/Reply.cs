using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MailPace.Mail.Addresses;

namespace MailPace.Mail.Replies;

/// <summary>
/// An SMTP reply: code, enhanced status code and text, which can't contradict each other (RFC 3463 §2) nor break the line.
/// </summary>
public sealed record Reply
{
    /// <summary>What is kept of a reply's text.</summary>
    public const int MaxText = 1000;

    public Reply(int code, EnhancedStatusCode? enhanced, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (code is < 200 or > 599)
        {
            throw new ArgumentOutOfRangeException(nameof(code), code, "A reply code is between 200 and 599.");
        }

        if (enhanced is { } given && (!given.IsValid || given.Class != code / 100))
        {
            throw new ArgumentException($"{given} can't stand with {code}: the classes must agree.", nameof(enhanced));
        }

        if (text.Length > MaxText || !DisplayText.IsClean(text))
        {
            throw new ArgumentException($"A reply's text is one line of at most {MaxText} characters without controls.", nameof(text));
        }

        Code = code;
        Enhanced = enhanced;
        Text = text;
    }

    /// <param name="enhanced">Such as <c>5.7.1</c>.</param>
    public Reply(int code, string enhanced, string text)
        : this(code, EnhancedStatusCode.TryParse(enhanced, out var status) ? status : throw new ArgumentException($"{enhanced} is no enhanced status code.", nameof(enhanced)), text)
    {
    }

    public int Code { get; }

    public EnhancedStatusCode? Enhanced { get; }

    public string Text { get; }

    public bool IsPositive => Code < 400;

    public bool IsTransient => Code is >= 400 and < 500;

    public bool IsPermanent => Code >= 500;

    /// <summary>One line, without its line end.</summary>
    public override string ToString()
    {
        var code = Enhanced is { } enhanced
            ? string.Create(CultureInfo.InvariantCulture, $"{Code} {enhanced}")
            : Code.ToString(CultureInfo.InvariantCulture);
        return Text.Length == 0 ? code : $"{code} {Text}";
    }

    /// <summary>
    /// Reads a reply of one or several lines as a remote sent it. What it says is untrusted: controls become spaces, the
    /// text is cut, an enhanced code whose class contradicts the code is left in the text.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        if (text is null || !TryReadCode(text, out var code))
        {
            return false;
        }

        EnhancedStatusCode? enhanced = null;
        var words = new StringBuilder();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty)
            {
                continue;
            }

            if (!TryReadCode(line, out var lineCode) || lineCode != code)
            {
                return false;
            }

            var rest = line.Length > 4 ? line[4..] : [];
            if (EnhancedStatusCode.TryReadPrefix(rest, out var given, out var length) && given.Class == code / 100)
            {
                enhanced ??= given;
                rest = rest[length..].TrimStart(' ');
            }

            if (words.Length > 0)
            {
                words.Append(' ');
            }

            words.Append(rest);
            if (words.Length > MaxText)
            {
                break;
            }
        }

        reply = new Reply(code, enhanced, Cut(words.ToString()));
        return true;
    }

    private static string Cut(string words)
    {
        var clean = DisplayText.Clean(words);
        if (clean.Length <= MaxText)
        {
            return clean;
        }

        return char.IsHighSurrogate(clean[MaxText - 1]) ? clean[..(MaxText - 1)] : clean[..MaxText];
    }

    private static bool TryReadCode(ReadOnlySpan<char> line, out int code)
    {
        code = 0;
        return line.Length >= 3
            && int.TryParse(line[..3], NumberStyles.None, CultureInfo.InvariantCulture, out code)
            && code is >= 200 and <= 599
            && (line.Length == 3 || line[3] is ' ' or '-');
    }
}
