using System.Runtime.CompilerServices;
using MailPace.Sandbox.Receiving;
using MailPace.Storage.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPace.Sandbox.Reading;

/// <summary>The JSON API of the sandbox, for assertions in a user's own tests.</summary>
internal sealed class SandboxApi(SandboxMessages messages, EmailReader reader, Arrivals arrivals, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sandbox/messages");
        group.MapGet("", (Delegate)ListAsync);
        group.MapGet("{id:long}", FindAsync);
        group.MapGet("{id:long}/raw", RawAsync);
        group.MapDelete("", (Delegate)ClearAsync);
    }

    /// <summary>Newest first. With <c>wait</c>, an empty answer is held back for so many seconds, until a message comes.</summary>
    private async Task<IResult> ListAsync(HttpContext context)
    {
        var (filters, faults) = SandboxFilters.Read(context.Request.Query);
        if (filters is null)
        {
            return Results.Json(new FilterFaults(string.Join("; ", faults)), SandboxJsonContext.Default.FilterFaults, statusCode: StatusCodes.Status400BadRequest);
        }

        var found = await SearchAsync(filters.Query, filters.Patience, context.RequestAborted);
        return Results.Json(ReadAllAsync(found, context.RequestAborted), SandboxJsonContext.Default.IAsyncEnumerableReceivedEmail);
    }

    /// <summary>One at a time while the answer is written: a thousand large messages don't fit into memory.</summary>
    private async IAsyncEnumerable<ReceivedEmail> ReadAllAsync(IReadOnlyList<SandboxMessage> found, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var kept in found)
        {
            if (await messages.FindRawAsync(kept.Id, cancellationToken) is { } raw)
            {
                yield return await reader.ReadAsync(kept, EmailReader.Parse(raw), cancellationToken);
            }
        }
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
}
