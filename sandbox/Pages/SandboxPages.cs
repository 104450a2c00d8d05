using System.Text;
using MailPace.Sandbox.Reading;
using MailPace.Storage.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPace.Sandbox.Pages;

/// <summary>
/// The sandbox for people. A mail is hostile (security checklist 22): its HTML is shown in a frame without scripts and with an
/// origin of its own, under a policy that lets it load nothing; every other word of it is encoded.
/// </summary>
internal sealed class SandboxPages(SandboxMessages messages, EmailReader reader)
{
    private const string PagePolicy =
        "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string MailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private const string MailWithImagesPolicy =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sandbox");
        group.MapGet("", ListAsync);
        group.MapGet("style.css", static context =>
        {
            context.Response.ContentType = "text/css; charset=utf-8";
            return context.Response.WriteAsync(Style.Css, context.RequestAborted);
        });
        group.MapGet("{id:long}", ShowAsync);
        group.MapGet("{id:long}/html", FrameAsync);
    }

    private async Task<IResult> ListAsync(HttpContext context, string? to, string? subject)
    {
        var query = new SandboxQuery { To = NullIfEmpty(to), Subject = NullIfEmpty(subject), Limit = 200 };
        return Page(context, PagePolicy, ListPage.Render(await messages.ListAsync(query, context.RequestAborted), query));
    }

    private async Task<IResult> ShowAsync(HttpContext context, long id, string? view, string? images)
    {
        if (await messages.FindAsync(id, context.RequestAborted) is not { } kept
            || await messages.FindRawAsync(id, context.RequestAborted) is not { } raw)
        {
            return Results.NotFound();
        }

        var email = await reader.ReadAsync(kept, EmailReader.Parse(raw), context.RequestAborted);
        return Page(context, PagePolicy, MessagePage.Render(email, ViewOf(email, view), ImagesOf(images), Encoding.UTF8.GetString(raw)));
    }

    private async Task<IResult> FrameAsync(HttpContext context, long id, string? images)
    {
        if (await messages.FindRawAsync(id, context.RequestAborted) is not { } raw)
        {
            return Results.NotFound();
        }

        var message = EmailReader.Parse(raw);
        return Page(context, ImagesOf(images) == RemoteImages.Shown ? MailWithImagesPolicy : MailPolicy, InlineImages.Embed(message.HtmlBody ?? "", message));
    }

    private static IResult Page(HttpContext context, string policy, string html)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        return Results.Content(html, "text/html; charset=utf-8");
    }

    private static MessageView ViewOf(ReceivedEmail email, string? view)
        => Enum.GetValues<MessageView>().Where(known => MessagePage.Name(known) == view).Cast<MessageView?>().FirstOrDefault()
            ?? (email.Html is null ? MessageView.Text : MessageView.Html);

    private static RemoteImages ImagesOf(string? images) => images == "on" ? RemoteImages.Shown : RemoteImages.Blocked;

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
