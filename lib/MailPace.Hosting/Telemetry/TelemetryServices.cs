using MailPace.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MailPace.Hosting.Telemetry;

internal static class TelemetryServices
{
    /// <summary>Activity sources and meters of the platform are named <c>MailPace.&lt;Component&gt;</c>.</summary>
    private const string OurSources = "MailPace.*";

    public static void AddMailPaceTelemetry(this IServiceCollection services, IConfiguration configuration, string service)
    {
        services.AddMailPaceOptions<TelemetryOptions>(TelemetryOptions.SectionName);
        var options = new TelemetryOptions();
        configuration.GetSection(TelemetryOptions.SectionName).Bind(options);

        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceNamespace: "mailpace"));
        if (options.Metrics)
        {
            telemetry.WithMetrics(metrics => metrics
                .AddMeter(OurSources)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql")
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        }

        if (options.OtlpEndpoint is { } endpoint)
        {
            telemetry.WithTracing(tracing => tracing
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
                .AddSource(OurSources)
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !IsProbe(context.Request.Path))
                .AddOtlpExporter(otlp => otlp.Endpoint = endpoint));
        }
    }

    private static bool IsProbe(Microsoft.AspNetCore.Http.PathString path)
        => path.StartsWithSegments("/_", StringComparison.Ordinal)
            || path.StartsWithSegments("/metrics", StringComparison.Ordinal)
            || path.StartsWithSegments("/health", StringComparison.Ordinal);
}
