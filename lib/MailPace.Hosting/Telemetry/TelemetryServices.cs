using System.Diagnostics.Metrics;
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

    /// <summary>The SDK's own boundaries are for milliseconds: everything we do would fall into the first bucket.</summary>
    private static readonly ExplicitBucketHistogramConfiguration Seconds = new()
    {
        Boundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    public static void AddMailPaceTelemetry(this IServiceCollection services, IConfiguration configuration, string service)
    {
        services.AddMailPaceOptions<TelemetryOptions>(TelemetryOptions.SectionName);
        var options = configuration.ReadEarly<TelemetryOptions>(TelemetryOptions.SectionName);

        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceNamespace: "mailpace"));
        if (options.Metrics)
        {
            telemetry.WithMetrics(metrics => metrics
                .AddMeter(OurSources)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql")
                .AddView(static instrument => instrument is Histogram<double> { Unit: "s" } ? Seconds : null)
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
