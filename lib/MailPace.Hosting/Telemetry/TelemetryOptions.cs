using System.ComponentModel.DataAnnotations;

namespace MailPace.Hosting.Telemetry;

public sealed class TelemetryOptions
{
    public const string SectionName = "Telemetry";

    /// <summary>Where traces go by OTLP over gRPC, such as <c>http://localhost:4317</c>. Default: none, and no trace is recorded.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>Share of the traces that are recorded, decided where the trace starts. Default: 1.</summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 1;

    /// <summary>Prometheus metrics at <c>/metrics</c>. Default: on.</summary>
    public bool Metrics { get; set; } = true;
}
