using MailPace.Storage.Sandbox;

namespace MailPace.Sandbox.Pages;

/// <summary>The list of what came in, newest first.</summary>
internal static class ListPage
{
    public static string Render(IReadOnlyList<SandboxMessage> messages, SandboxQuery query)
    {
        var page = new PageWriter().Begin("Sandbox · MailPace");
        page.Html(
            $"""
            <form class="search" method="get" action="/sandbox">
            <input name="to" value="{query.To}" placeholder="To" aria-label="To">
            <input name="subject" value="{query.Subject}" placeholder="Subject" aria-label="Subject">
            <button>Search</button>
            <a class="button" href="/sandbox">Refresh</a>
            </form>

            """);
        if (messages.Count == 0)
        {
            return page.Html(
                $"""
                <div class="empty"><h1>No messages</h1><p>Send an email through the API or over SMTP, and it arrives here within moments.</p></div>

                """).End();
        }

        page.Html($"<ul class=\"list\">\n");
        foreach (var message in messages)
        {
            page.Html(
                $"""
                <li><a href="/sandbox/{message.Id}">
                <span class="subject">{(string.IsNullOrWhiteSpace(message.Subject) ? "(no subject)" : message.Subject)}</span>
                <time datetime="{message.ReceivedAt:O}">{message.ReceivedAt:yyyy-MM-dd HH:mm:ss}</time>
                <span class="to">{string.Join(", ", message.Recipients)}</span>
                <span class="size">{Size.Text(message.Size)}</span>
                </a></li>

                """);
        }

        return page.Html($"</ul>\n").End();
    }
}
