using MailPace.Sandbox.Reading;

namespace MailPace.Sandbox.Pages;

/// <summary>One message: facts, DKIM results, and its HTML, text, header or source.</summary>
internal static class MessagePage
{
    /// <param name="email">The message.</param>
    /// <param name="view">Which view: <c>html</c>, <c>text</c>, <c>headers</c> or <c>source</c>.</param>
    /// <param name="images">Remote images are wanted.</param>
    /// <param name="source">The raw message, for the view of the source.</param>
    public static string Render(ReceivedEmail email, MessageView view, RemoteImages images, string source)
    {
        var subject = string.IsNullOrWhiteSpace(email.Subject) ? "(no subject)" : email.Subject;
        var page = new PageWriter().Begin($"{subject} · MailPace sandbox");
        page.Html($"<p class=\"back\"><a href=\"/sandbox\">← All messages</a></p>\n<h1>{subject}</h1>\n<dl class=\"facts\">\n");
        Fact(page, "From", email.From);
        Fact(page, "To", email.To);
        Fact(page, "Cc", email.Cc);
        Fact(page, "Return-path", $"<{email.Envelope.ReversePath}>");
        Fact(page, "Recipients", string.Join(", ", email.Envelope.Recipients));
        Fact(page, "Received", $"{email.ReceivedAt:yyyy-MM-dd HH:mm:ss} UTC, {email.Tls ?? "in clear"}");
        page.Html($"<dt>DKIM</dt><dd>");
        foreach (var result in email.Dkim)
        {
            page.Html($"<span class=\"badge {(result.Result == "pass" ? "pass" : "fail")}\" title=\"{result.Algorithm}, selector {result.Selector}\">{result.Result} · {result.Algorithm} · {result.Domain}</span> ");
        }

        if (email.Dkim.Count == 0)
        {
            page.Html($"<span class=\"badge fail\">not signed</span>");
        }

        page.Html($"</dd>\n");
        if (email.Attachments.Count > 0)
        {
            page.Html($"<dt>Attachments</dt><dd>");
            foreach (var attachment in email.Attachments)
            {
                page.Html($"<span class=\"file\">{attachment.Name ?? attachment.ContentId ?? "unnamed"} <small>{attachment.ContentType}, {Size.Text(attachment.Size)}</small></span> ");
            }

            page.Html($"</dd>\n");
        }

        page.Html($"</dl>\n<nav class=\"tabs\">\n");
        foreach (var tab in Enum.GetValues<MessageView>())
        {
            page.Html($"<a href=\"/sandbox/{email.Id}?view={Name(tab)}\" class=\"{(tab == view ? "current" : "")}\">{(tab == MessageView.Html ? "HTML" : tab.ToString())}</a>\n");
        }

        page.Html($"</nav>\n");
        Body(page, email, view, images, source);
        return page.End();
    }

    public static string Name(MessageView view) => view.ToString().ToLowerInvariant();

    private static void Fact(PageWriter page, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            page.Html($"<dt>{name}</dt><dd>{value}</dd>\n");
        }
    }

    private static void Body(PageWriter page, ReceivedEmail email, MessageView view, RemoteImages images, string source)
    {
        switch (view)
        {
            case MessageView.Html when email.Html is null:
                page.Html($"<p class=\"empty\">This message has no HTML.</p>\n");
                break;
            case MessageView.Html:
                Frame(page, email, images);
                break;
            case MessageView.Text:
                page.Html($"<pre>{email.Text ?? "This message has no text."}</pre>\n");
                break;
            case MessageView.Headers:
                page.Html($"<dl class=\"facts headers\">\n");
                foreach (var header in email.Headers)
                {
                    page.Html($"<dt>{header.Name}</dt><dd>{header.Value}</dd>\n");
                }

                page.Html($"</dl>\n");
                break;
            case MessageView.Source:
                page.Html($"<p class=\"back\"><a href=\"{email.RawUrl}\">Plain</a></p>\n<pre>{source}</pre>\n");
                break;
        }
    }

    /// <summary>An empty sandbox attribute: no scripts, no forms, an origin of its own. The frame's own policy says the same again.</summary>
    private static void Frame(PageWriter page, ReceivedEmail email, RemoteImages images)
    {
        page.Html(
            images == RemoteImages.Blocked
                ? (FormattableString)$"<p class=\"images\">Remote images are off. <a href=\"/sandbox/{email.Id}?view=html&amp;images=on\">Show them</a></p>\n"
                : $"<p class=\"images\">Remote images are on. <a href=\"/sandbox/{email.Id}?view=html\">Hide them</a></p>\n");
        page.Html($"<iframe class=\"mail\" sandbox=\"\" referrerpolicy=\"no-referrer\" title=\"The message\" src=\"/sandbox/{email.Id}/html{(images == RemoteImages.Shown ? "?images=on" : "")}\"></iframe>\n");
    }
}
