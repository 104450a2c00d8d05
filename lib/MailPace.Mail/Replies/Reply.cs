using System.Globalization;

namespace MailPace.Mail.Replies;

/// <summary>An SMTP reply of ours: code, enhanced status code of the same class, and printable text (RFC 5321 §4.2, RFC 2034).</summary>
public sealed record Reply
{
    /// <exception cref="ArgumentException">The code is no SMTP code, the classes disagree, or the text would break the line.</exception>
    public Reply(int code, EnhancedStatusCode? enhanced, string text)
    {
        if (code is < 200 or > 599)
        {
            throw new ArgumentException($"{code} is no reply code.", nameof(code));
        }

        if (enhanced is { } status && status.Class != code / 100)
        {
            throw new ArgumentException($"{status} doesn't go with {code}.", nameof(enhanced));
        }

        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException("The text of a reply is printable ASCII.", nameof(text));
        }

        Code = code;
        Enhanced = enhanced;
        Text = text;
    }

    public Reply(int code, string enhanced, string text)
        : this(code, EnhancedStatusCode.TryParse(enhanced, out var status) ? status : throw new ArgumentException($"{enhanced} is no enhanced status code.", nameof(enhanced)), text)
    {
    }

    public int Code { get; }

    public EnhancedStatusCode? Enhanced { get; }

    public string Text { get; }

    public override string ToString() => Enhanced is { } status
        ? string.Create(CultureInfo.InvariantCulture, $"{Code} {status} {Text}")
        : string.Create(CultureInfo.InvariantCulture, $"{Code} {Text}");
}
