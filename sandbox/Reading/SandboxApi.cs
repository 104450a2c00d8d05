using System.Globalization;
using MailPace.Sandbox.Receiving;
using MailPace.Storage.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPace.Sandbox.Reading;

/// <summary>The JSON API of the sandbox, for assertions in a user's own tests.</summary>
internal sealed class SandboxApi(SandboxMessages messages, EmailReader reader, Arrivals arrivals, TimeProvider time)
{
    private const int MaximumLimit = 1000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sandbox/messages");
        group.MapGet("", ListAsync);
        group.MapGet("{id:long}", FindAsync);
        group.MapGet("{id:long}/raw", RawAsync);
        group.MapDelete("", (Delegate)ClearAsync);
    }

    /// <summary>Newest first. With <c>wait</c>, an empty answer is held back for so many seconds, until a message comes.</summary>
    private async Task<IResult> ListAsync(HttpContext context, string? to, string? subject, string? since, string? limit, string? wait)
    {
        if (!TryRead(to, subject, since, limit, wait, out var query, out var patience))
        {
            return Results.Json(new { error = "since is an ISO 8601 time, limit 1 to 1000, wait 0 to 60 seconds" }, statusCode: StatusCodes.Status400BadRequest);
        }

        var found = await SearchAsync(query, patience, context.RequestAborted);
        var emails = new List<ReceivedEmail>(found.Count);
        foreach (var kept in found)
        {
            if (await messages.FindRawAsync(kept.Id, context.RequestAborted) is { } raw)
            {
                emails.Add(await reader.ReadAsync(kept, EmailReader.Parse(raw), context.RequestAborted));
            }
        }

        return Results.Json(emails, SandboxJsonContext.Default.IReadOnlyListReceivedEmail);
    }

    private async Task<IReadOnlyList<SandboxMessage>> SearchAsync(SandboxQuery query, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var arrival = arrivals.Next;
            var found = await messages.ListAsync(query, cancellationToken);
            var left = patience - time.GetElapsedTime(started);
            if (found.Count > 0 || left <= TimeSpan.Zero)
            {
                return found;
            }

            // Another process may receive, too; so the arrival is a hint and no promise.
            await Task.WhenAny(arrival, Task.Delay(left < LookAgain ? left : LookAgain, time, cancellationToken));
        }
    }

    private async Task<IResult> FindAsync(HttpContext context, long id)
    {
        if (await messages.FindAsync(id, context.RequestAborted) is not { } kept
            || await messages.FindRawAsync(id, context.RequestAborted) is not { } raw)
        {
            return Results.NotFound();
        }

        return Results.Json(await reader.ReadAsync(kept, EmailReader.Parse(raw), context.RequestAborted), SandboxJsonContext.Default.ReceivedEmail);
    }

    private async Task<IResult> RawAsync(HttpContext context, long id)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return await messages.FindRawAsync(id, context.RequestAborted) is { } raw
            ? Results.Bytes(raw, "text/plain; charset=utf-8")
            : Results.NotFound();
    }

    private async Task<IResult> ClearAsync(HttpContext context)
    {
        await messages.ClearAsync(context.RequestAborted);
        return Results.NoContent();
    }

    private static bool TryRead(string? to, string? subject, string? since, string? limit, string? wait, out SandboxQuery query, out TimeSpan patience)
    {
        query = new SandboxQuery { To = NullIfEmpty(to), Subject = NullIfEmpty(subject) };
        patience = TimeSpan.Zero;
        if (NullIfEmpty(since) is { } sinceText)
        {
            if (!DateTimeOffset.TryParse(sinceText, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
            {
                return false;
            }

            query = query with { Since = moment };
        }

        if (NullIfEmpty(limit) is { } limitText)
        {
            if (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaximumLimit)
            {
                return false;
            }

            query = query with { Limit = count };
        }

        if (NullIfEmpty(wait) is { } waitText)
        {
            if (!double.TryParse(waitText, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > LongestWait.TotalSeconds)
            {
                return false;
            }

            patience = TimeSpan.FromSeconds(seconds);
        }

        return true;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
