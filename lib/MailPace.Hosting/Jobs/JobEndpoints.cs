using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MailPace.Messaging.Consuming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPace.Hosting.Jobs;

/// <summary>The HTTP driver of a job handler: the same outcomes as over JetStream, as 200, 503 with Retry-After, and 422.</summary>
public static class JobEndpoints
{
    public static void MapJob<T>(this IEndpointRouteBuilder endpoints, string path, JsonTypeInfo<T> type, Func<T, CancellationToken, ValueTask<JobOutcome>> handler)
        where T : class
        => endpoints.MapPost(path, async context =>
        {
            if (await ReadAsync(context, type) is not { } job)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

            await AnswerAsync(context, await handler(job, context.RequestAborted));
        });

    private static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task AnswerAsync(HttpContext context, JobOutcome outcome)
    {
        var response = context.Response;
        switch (outcome)
        {
            case JobOutcome.RetryAfter retry:
                response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                response.Headers.RetryAfter = Math.Ceiling(retry.Delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return response.WriteAsync(retry.Reason, context.RequestAborted);
            case JobOutcome.Discard discard:
                response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                return response.WriteAsync(discard.Reason, context.RequestAborted);
            case JobOutcome.Completed:
                return Task.CompletedTask;
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}");
        }
    }
}
