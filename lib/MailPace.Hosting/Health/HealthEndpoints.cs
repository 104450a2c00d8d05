using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Health;

/// <summary>
/// <c>/_/health</c>: the process is alive (a restart would help otherwise). <c>/_/ready</c>: traffic is welcome, else 503.
/// <c>/health</c>: what MailPace's clients watch, 500 when a needed part is down. The bodies name what is wrong.
/// </summary>
internal static class HealthEndpoints
{
    public static void AddMailPaceHealth(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HealthCheckServiceOptions>, ReadinessChecks>());
    }

    public static void MapMailPaceHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/_/health", static context => context.Response.WriteAsync("OK", context.RequestAborted));
        endpoints.MapHealthChecks("/_/ready", Answering(StatusCodes.Status503ServiceUnavailable));
        endpoints.MapHealthChecks("/health", Answering(StatusCodes.Status500InternalServerError));
    }

    private static HealthCheckOptions Answering(int statusWhenDown) => new()
    {
        AllowCachingResponses = false,
        ResultStatusCodes =
        {
            [HealthStatus.Healthy] = StatusCodes.Status200OK,
            [HealthStatus.Degraded] = StatusCodes.Status200OK,
            [HealthStatus.Unhealthy] = statusWhenDown,
        },
        ResponseWriter = WriteAsync,
    };

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("status", report.Status == HealthStatus.Healthy ? "ok" : "down");
        writer.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            writer.WriteString(name, entry.Status == HealthStatus.Healthy ? "ok" : entry.Description ?? entry.Exception?.Message ?? "down");
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }
}
