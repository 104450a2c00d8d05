using System.Text.Json.Serialization;

namespace MailPace.Bench.Reporting;

/// <summary>One row of <c>artifacts/bench/latest.json</c>.</summary>
internal sealed record Measurement
{
    [JsonPropertyName("scenario")]
    public required string Scenario { get; init; }

    [JsonPropertyName("system")]
    public required string System { get; init; }

    /// <summary>Messages per second.</summary>
    [JsonPropertyName("rate")]
    public required double Rate { get; init; }

    [JsonPropertyName("p50_ms")]
    public required double P50Ms { get; init; }

    [JsonPropertyName("p99_ms")]
    public required double P99Ms { get; init; }

    [JsonPropertyName("cpu_s_per_1000")]
    public required double CpuSecondsPer1000 { get; init; }

    [JsonPropertyName("peak_mb")]
    public required double PeakMb { get; init; }

    /// <summary>Messages acknowledged to the load generator.</summary>
    [JsonPropertyName("sent")]
    public required int Sent { get; init; }

    /// <summary>Messages that the sink acknowledged; for acceptance alone, those counted in the system's own store.</summary>
    [JsonPropertyName("received")]
    public required int Received { get; init; }

    /// <summary>What is on disk when the client gets its answer.</summary>
    [JsonPropertyName("durability")]
    public required string Durability { get; init; }
}
