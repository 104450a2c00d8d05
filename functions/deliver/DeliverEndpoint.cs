using System.Globalization;
using System.Text.Json;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Jobs;
using Microsoft.AspNetCore.Http;

namespace MailPace.Deliver;

/// <summary>
/// One job by HTTP, for <c>faas-cli invoke</c> and tests: 200 when it's done, 503 with Retry-After when not now, 422 when never.
/// Who repeats a call after a 503 may repeat a message: only JOBS knows repeats.
/// </summary>
internal static class DeliverEndpoint
{
    public static async Task<IResult> InvokeAsync(HttpRequest request, DeliverHandler handler, TimeProvider time, CancellationToken cancellationToken)
    {
        InvokedJob? invoked;
        try
        {
            invoked = await JsonSerializer.DeserializeAsync(request.Body, DeliverJsonContext.Default.InvokedJob, cancellationToken);
        }
        catch (JsonException invalid)
        {
            return Results.Text(invalid.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        if (invoked is null)
        {
            return Results.Text("A job is wanted.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        var outcome = await handler.HandleAsync(new JobPayload(invoked.Job, [invoked.Content]), new DeliverySituation(time.GetTimestamp(), MayBeRepeat: false), cancellationToken);
        return outcome switch
        {
            JobOutcome.Completed => Results.Ok(),
            JobOutcome.RetryAfter retry => RetryAfter(request.HttpContext.Response, retry),
            JobOutcome.Discard discard => Results.Text(discard.Reason, statusCode: StatusCodes.Status422UnprocessableEntity),
            _ => throw new InvalidOperationException("The family of outcomes is closed."),
        };
    }

    private static IResult RetryAfter(HttpResponse response, JobOutcome.RetryAfter retry)
    {
        response.Headers.RetryAfter = Math.Max(1, (int)retry.Delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Results.Text(retry.Reason, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
