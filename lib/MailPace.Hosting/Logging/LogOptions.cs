using Serilog.Events;

namespace MailPace.Hosting.Logging;

public sealed class LogOptions
{
    public const string SectionName = "Log";

    /// <summary>How a line looks. Default: <see cref="LogFormat.Json"/>.</summary>
    public LogFormat Format { get; set; } = LogFormat.Json;

    /// <summary>What is logged at least. Default: <see cref="LogEventLevel.Information"/>.</summary>
    public LogEventLevel Level { get; set; } = LogEventLevel.Information;

    /// <summary>Levels by source, such as <c>MailPace.Messaging</c>: <c>Debug</c>. Default: none.</summary>
    public IDictionary<string, LogEventLevel> Levels { get; } = new Dictionary<string, LogEventLevel>(StringComparer.Ordinal);
}
