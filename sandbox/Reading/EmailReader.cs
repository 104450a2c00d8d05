using System.Globalization;
using System.Text.RegularExpressions;
using MailPace.Sandbox.Verification;
using MailPace.Storage.Sandbox;
using MimeKit;

namespace MailPace.Sandbox.Reading;

/// <summary>Takes a kept message apart, for the JSON API and the pages.</summary>
public sealed partial class EmailReader
{
    private readonly DkimCheck dkim;

    internal EmailReader(DkimCheck dkim) => this.dkim = dkim;

    public async Task<ReceivedEmail> ReadAsync(SandboxMessage kept, MimeMessage message, CancellationToken cancellationToken) => new()
    {
        Id = kept.Id,
        ReceivedAt = kept.ReceivedAt,
        Envelope = new ReceivedEnvelope(kept.ReversePath, kept.Recipients),
        From = message.Headers[HeaderId.From],
        To = message.Headers[HeaderId.To],
        Cc = message.Headers[HeaderId.Cc],
        Subject = message.Headers[HeaderId.Subject],
        MessageId = message.Headers[HeaderId.MessageId],
        Text = message.TextBody,
        Html = message.HtmlBody,
        Headers = [.. message.Headers.Select(header => new ReceivedHeader(header.Field, header.Value))],
        Attachments = [.. Files(message).Select(Describe)],
        Tls = TlsOf(message),
        Dkim = await dkim.VerifyAsync(message, cancellationToken),
        RawUrl = string.Create(CultureInfo.InvariantCulture, $"/sandbox/messages/{kept.Id}/raw"),
    };

    public static MimeMessage Parse(byte[] raw)
    {
        using var stream = new MemoryStream(raw, writable: false);
        return MimeMessage.Load(stream);
    }

    /// <summary>Every part that isn't the text that is read: attachments, and the images that the HTML names.</summary>
    internal static IEnumerable<MimePart> Files(MimeMessage message)
        => message.BodyParts.OfType<MimePart>().Where(part => part.IsAttachment || part is not TextPart);

    private static ReceivedAttachment Describe(MimePart part)
    {
        using var counted = new MimeKit.IO.MeasuringStream();
        part.Content?.DecodeTo(counted);
        return new ReceivedAttachment(part.FileName, part.ContentType.MimeType, counted.Length, part.ContentId);
    }

    /// <summary>The topmost Received field is the sandbox's own and says how the message came.</summary>
    private static string? TlsOf(MimeMessage message)
    {
        var match = UsingTls().Match(message.Headers[HeaderId.Received] ?? "");
        return match.Success ? $"{match.Groups["version"].Value} {match.Groups["cipher"].Value}" : null;
    }

    [GeneratedRegex(@"\(using (?<version>\S+) with cipher (?<cipher>[^)\s]+)\)")]
    private static partial Regex UsingTls();
}
