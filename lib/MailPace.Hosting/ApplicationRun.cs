using MailPace.Hosting.Configuration;
using MailPace.Hosting.Starting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPace.Hosting;

/// <summary>Runs an application, and turns what an operator can mend into words and an exit code.</summary>
public static partial class ApplicationRun
{
    /// <summary>sysexits' EX_CONFIG: nothing gets better by a restart.</summary>
    public const int BadConfiguration = 78;

    private const int Failed = 1;

    /// <summary>Runs <paramref name="program"/>; a failure before there is a log goes to standard error.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> program)
    {
        try
        {
            return await program();
        }
        catch (Exception e) when (StartFailure.Reasons(e) is { Count: > 0 } reasons)
        {
            foreach (var reason in reasons)
            {
                await Console.Error.WriteLineAsync(reason);
            }

            return BadConfiguration;
        }
    }

    internal static async Task<int> RunAsync(WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MailPace.Hosting");
        await using (app)
        {
            try
            {
                await app.StartAsync();
                LogListening(log, string.Join(", ", app.Urls));
                await app.WaitForShutdownAsync();
                var found = app.Services.GetRequiredService<StartOutcome>().Reasons;
                Report(log, found);
                return found.Count == 0 ? 0 : BadConfiguration;
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await app.StopAsync(); // told to stop while it started: no failure, and what runs already ends in order
                return 0;
            }
            catch (Exception e) when (StartFailure.Reasons(e) is { Count: > 0 } reasons)
            {
                Report(log, reasons);
                return e is IOException ? Failed : BadConfiguration;
            }
        }
    }

    private static void Report(ILogger log, IReadOnlyList<string> reasons)
    {
        foreach (var reason in reasons)
        {
            LogStartFailed(log, reason);
        }
    }

    [LoggerMessage(EventIds.StartFailed, LogLevel.Critical, "Can't start: {Reason}")]
    private static partial void LogStartFailed(ILogger logger, string reason);

    [LoggerMessage(EventIds.Listening, LogLevel.Information, "HTTP on {Urls}")]
    private static partial void LogListening(ILogger logger, string urls);
}
