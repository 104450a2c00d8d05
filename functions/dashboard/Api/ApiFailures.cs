using System.Globalization;
using MailPace.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPace.Dashboard.Api;

/// <summary>
/// Gives every refusal under <c>/api/v1</c> a body, also those that routing and binding make, and turns failures into 503 or 500. The
/// sending API answers for itself.
/// </summary>
internal sealed partial class ApiFailures(ILogger<ApiFailures> log) : IStartupFilter
{
    private static readonly PathString Api = "/api/v1";
    private static readonly PathString Send = "/api/v1/send";

    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(HandleAsync);
        next(app);
    };

    private async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(Api) || context.Request.Path.StartsWithSegments(Send))
        {
            await next(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // The client is gone; there is nobody to answer.
        }
        catch (BadHttpRequestException refused)
        {
            await FailAsync(context, refused.StatusCode, ApiErrors.TextFor(refused.StatusCode));
            return;
        }
        catch (Exception failure) when (PostgresFaults.IsTransient(failure))
        {
            LogUnavailable(failure.Message);
            context.Response.Headers.RetryAfter = ComeBack.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            await FailAsync(context, StatusCodes.Status503ServiceUnavailable, "This can't be answered now, please try again");
            return;
        }
        catch (Exception failure)
        {
            LogFailed(failure);
            await FailAsync(context, StatusCodes.Status500InternalServerError, "Something went wrong");
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null })
        {
            // Whatever the media type was: MailPace says 406.
            var status = context.Response.StatusCode == StatusCodes.Status415UnsupportedMediaType ? StatusCodes.Status406NotAcceptable : context.Response.StatusCode;
            await ApiErrors.WriteAsync(context, status, ApiErrors.TextFor(status));
        }
    }

    private static Task FailAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return ApiErrors.WriteAsync(context, status, message);
    }

    [LoggerMessage(EventIds.ApiFailed, LogLevel.Error, "A request to the management API failed for an unknown reason; it was answered with 500")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(EventIds.ApiUnavailable, LogLevel.Warning, "A request to the management API can't be answered now: {Reason}")]
    private partial void LogUnavailable(string reason);
}
