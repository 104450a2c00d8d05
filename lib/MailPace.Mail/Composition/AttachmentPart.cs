using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailPace.Mail.Composition;

/// <summary>An attachment, base64 whatever it holds (RFC 2183).</summary>
internal sealed class AttachmentPart : MimeNode
{
    private readonly ReadOnlyMemory<byte> content;
    private readonly string header;

    private AttachmentPart(ReadOnlyMemory<byte> content, string header, bool isInline)
    {
        this.content = content;
        this.header = header;
        IsInline = isInline;
    }

    public bool IsInline { get; }

    /// <summary>False when the content id can't be one.</summary>
    public static bool TryCreate(OutgoingAttachment attachment, [NotNullWhen(true)] out AttachmentPart? part)
    {
        part = null;
        if (!TryReadContentId(attachment.ContentId, out var contentId))
        {
            return false;
        }

        var name = FileName.Clean(attachment.Name);
        var header = new StringBuilder()
            .Append("Content-Type: ").Append(MediaType.Of(attachment.ContentType, name)).Append(Parameter.EncodedName("name", name)).Append("\r\n")
            .Append("Content-Transfer-Encoding: base64\r\n")
            .Append("Content-Disposition: ").Append(contentId is null ? "attachment" : "inline").Append(Parameter.Rfc2231("filename", name)).Append("\r\n");
        if (contentId is not null)
        {
            header.Append("Content-ID: <").Append(contentId).Append(">\r\n");
        }

        part = new AttachmentPart(attachment.Content, header.Append("\r\n").ToString(), contentId is not null);
        return true;
    }

    public override void Write(IBufferWriter<byte> output)
    {
        Encoding.ASCII.GetBytes(header, output);
        TransferEncoding.WriteBase64(output, content.Span);
    }

    private static bool TryReadContentId(string? given, out string? contentId)
    {
        contentId = given;
        if (string.IsNullOrWhiteSpace(given))
        {
            contentId = null;
            return true;
        }

        var bare = given.Trim(' ');
        bare = bare.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) ? bare[4..] : bare;
        bare = bare.StartsWith('<') && bare.EndsWith('>') ? bare[1..^1] : bare;
        contentId = bare;
        return bare.Length is > 0 and <= 500
            && !bare.AsSpan().ContainsAnyExceptInRange('!', '~')
            && !bare.AsSpan().ContainsAny('<', '>');
    }
}
