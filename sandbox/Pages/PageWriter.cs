using System.Text;

namespace MailPace.Sandbox.Pages;

/// <summary>Builds a page. What is interpolated is encoded, always: a mail's words never become markup.</summary>
internal sealed class PageWriter
{
    private readonly StringBuilder page = new(16 * 1024);

    /// <summary>Markup of ours; holes are encoded.</summary>
    public PageWriter Html(FormattableString markup)
    {
        page.AppendFormat(HtmlFormat.Instance, markup.Format, markup.GetArguments());
        return this;
    }

    public PageWriter Begin(string title) => Html(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title}</title>
        <link rel="stylesheet" href="/sandbox/style.css">
        </head>
        <body>
        <header class="top"><a class="brand" href="/sandbox">MailPace <span>sandbox</span></a><span class="note">Nothing here has left this machine</span></header>
        <main>

        """);

    public string End() => Html($"</main>\n</body>\n</html>\n").page.ToString();
}
