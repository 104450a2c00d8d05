using System.Text;
using MimeKit;

namespace MailPace.Mail.Bounces;

/// <summary>The parts of a message that a report may be made of, in its order, within bounds.</summary>
internal sealed class ReportParts
{
    /// <summary>A report says what it has to say at its beginning; what it returns may be cut.</summary>
    private const int MaxBytes = 256 * 1024;
    private const int MaxText = 128 * 1024;
    private const int MaxParts = 200;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = 20, CharsetEncoding = Encoding.Latin1 };

    private readonly List<(string Type, string Text)> _parts = [];

    private ReportParts(MimeMessage message) => Message = message;

    public MimeMessage Message { get; }

    public ReturnedHeader? Returned { get; private set; }

    public IEnumerable<string> StatusParts => TextsOf("message/delivery-status", "message/global-delivery-status", "text/delivery-status", "message/xdelivery-status");

    public IEnumerable<string> FeedbackParts => TextsOf("message/feedback-report", "text/feedback-report");

    /// <summary>What people are to read; HTML without its tags where there's no plain text.</summary>
    public string Words { get; private set; } = "";

    /// <returns>Null when it can't be read as a message.</returns>
    public static async Task<ReportParts?> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        var bytes = new byte[MaxBytes];
        var length = await content.ReadAtLeastAsync(bytes, MaxBytes, throwOnEndOfStream: false, cancellationToken);
        try
        {
            using var head = new MemoryStream(bytes, 0, length, writable: false);
            var parts = new ReportParts(await new MimeParser(Options, head, MimeFormat.Entity).ParseMessageAsync(cancellationToken));
            parts.Walk(parts.Message.Body);
            parts.Words = parts.WordsOf();
            parts.Returned ??= ReturnedText.Find(parts.Words);
            return parts;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public string? Header(string name) => Message.Headers[name]?.Trim();

    private void Walk(MimeEntity? entity)
    {
        switch (entity)
        {
            case null:
                return;
            case Multipart multipart:
                foreach (var part in multipart)
                {
                    if (_parts.Count < MaxParts)
                    {
                        Walk(part);
                    }
                }

                // A boundary that doesn't fit leaves everything before the first part.
                if (multipart.Count == 0 || _parts.Count == 0)
                {
                    _parts.Add(("text/plain", Cut(multipart.Preamble ?? "")));
                }

                return;
            case MessagePart { Message: { } returned } part when !part.ContentType.IsMimeType("message", "delivery-status"):
                Take(returned.Headers);
                return;
            case MimePart part:
                Take(part);
                return;
        }
    }

    private void Take(MimePart part)
    {
        if (!part.ContentType.IsMimeType("text", "*") && !part.ContentType.IsMimeType("message", "*"))
        {
            return;
        }

        var type = part.ContentType.MimeType.ToLowerInvariant();
        var text = TextOf(part);
        if (type is "text/rfc822-headers" or "message/rfc822" or "message/rfc822-headers" or "message/global-headers")
        {
            Returned ??= ReturnedHeader.Read(text);
            return;
        }

        _parts.Add((type, text));
    }

    private void Take(HeaderList headers)
    {
        if (Returned is not null)
        {
            return;
        }

        Returned = new ReturnedHeader();
        foreach (var header in headers)
        {
            Returned.Add(header.Field, header.Value);
        }
    }

    private static string TextOf(MimePart part)
    {
        if (part is TextPart text)
        {
            return Cut(text.Text ?? "");
        }

        using var decoded = new MemoryStream();
        part.Content?.DecodeTo(decoded);
        var bytes = decoded.GetBuffer().AsSpan(0, (int)decoded.Length);
        return Cut(System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes));
    }

    private static string Cut(string text) => text.Length > MaxText ? text[..MaxText] : text;

    private IEnumerable<string> TextsOf(params string[] types) => _parts.Where(part => types.Contains(part.Type)).Select(part => part.Text);

    private string WordsOf()
    {
        var plain = string.Join("\n\n", TextsOf("text/plain").Where(text => !string.IsNullOrWhiteSpace(text)));
        return plain.Length > 0 ? plain : HtmlWords.Of(string.Join("\n", TextsOf("text/html")));
    }
}
