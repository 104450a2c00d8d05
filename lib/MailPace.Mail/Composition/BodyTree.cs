using MailPace.Mail.Headers;

namespace MailPace.Mail.Composition;

/// <summary>
/// The shape of a body: text and HTML are alternatives, inline files are related to the HTML, other files are mixed with
/// both. Inline files without HTML to show them are attachments like the others.
/// </summary>
internal static class BodyTree
{
    public static MimeNode Of(OutgoingEmail email, IReadOnlyList<AttachmentPart> attachments, MessageStamps stamps)
    {
        var inline = email.HtmlBody is null ? [] : attachments.Where(attachment => attachment.IsInline).ToList();
        var mixed = attachments.Except(inline).ToList();
        var body = Alternatives(email, inline, stamps);
        return mixed.Count == 0 ? body : new MultipartNode("mixed", stamps.NewBoundary(), [body, .. mixed]);
    }

    private static MimeNode Alternatives(OutgoingEmail email, List<AttachmentPart> inline, MessageStamps stamps)
    {
        if (email.HtmlBody is null)
        {
            return new TextNode("plain", email.TextBody ?? "");
        }

        MimeNode html = new TextNode("html", email.HtmlBody);
        if (inline.Count > 0)
        {
            html = new MultipartNode("related", stamps.NewBoundary(), [html, .. inline]);
        }

        return email.TextBody is null
            ? html
            : new MultipartNode("alternative", stamps.NewBoundary(), [new TextNode("plain", email.TextBody), html]);
    }
}
