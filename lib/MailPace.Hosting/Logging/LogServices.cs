using System.Globalization;
using MailPace.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace MailPace.Hosting.Logging;

internal static class LogServices
{
    /// <summary>Serilog to standard output. It's built before the services, so that a failure to build them is logged in the same form.</summary>
    public static Serilog.ILogger CreateLogger(IConfiguration configuration, string service)
    {
        var options = configuration.ReadEarly<LogOptions>(LogOptions.SectionName);

        var logger = new LoggerConfiguration()
            .MinimumLevel.Is(options.Level)
            // One line per request and per statement is for debugging; the metrics count them.
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
            .MinimumLevel.Override("NATS", LogEventLevel.Warning)
            // It reports every failed probe as an error; the parts themselves say what is wrong, once.
            .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal)
            // Told to stop while it starts, the framework reports the cancellation as a failure.
            .Filter.ByExcluding(static entry => entry.Exception is OperationCanceledException && entry.MessageTemplate.Text == "Hosting failed to start")
            .Enrich.FromLogContext()
            .Enrich.WithProperty("service", service);
        foreach (var (source, level) in options.Levels)
        {
            logger.MinimumLevel.Override(source, level);
        }

        return options.Format == LogFormat.Json
            ? logger.WriteTo.Console(new CompactJsonFormatter()).CreateLogger()
            : logger.WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture).CreateLogger();
    }

    public static void AddMailPaceLogging(this IServiceCollection services, Serilog.ILogger logger)
    {
        services.AddLogging(logging => logging.ClearProviders());
        services.AddSerilog(logger, dispose: true);
    }
}
