using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;

namespace MailPace.Messaging.Connection;

/// <summary>
/// Is the server one that keeps the promise: new enough, and, where it stands alone, syncing before it acknowledges. Asked at
/// start and after each reconnect: it may be another server then. The setting is only visible at the monitoring endpoint (<c>/jsz</c>).
/// </summary>
public sealed partial class ServerCheck(NatsConnection connection, IOptions<NatsOptions> options, ILogger<ServerCheck> logger) : BackgroundService
{
    private static readonly Version Oldest = new(2, 12);

    private readonly SemaphoreSlim _opened = new(0);
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What breaks the promise; null when nothing is known to.</summary>
    public string? Fault { get; private set; }

    /// <summary>Completes with what breaks the promise where <see cref="NatsOptions.RequireSync"/> asks that the process stops then.</summary>
    public Task<string> Refused => _refused.Task;

    public override void Dispose()
    {
        _opened.Dispose();
        base.Dispose();
    }

    /// <summary>Asks once, and says loudly what it finds.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await connection.ConnectAsync().AsTask().WaitAsync(cancellationToken); // it heeds no cancellation of its own
        Fault = TooOld(connection.ServerInfo?.Version);
        if (Fault is not null)
        {
            LogTooOld(Fault);
            return;
        }

        if (options.Value.Replicas > 1)
        {
            return; // the promise is kept by the replicas
        }

        if (options.Value.MonitorUrl is not { Length: > 0 } monitor)
        {
            LogUnknown("Nats:MonitorUrl is not set");
            return;
        }

        await CheckSyncAsync(monitor, cancellationToken);
    }

    internal static string? TooOld(string? version) =>
        version is not null && Version.TryParse(version.Split('-')[0], out var parsed) && parsed >= Oldest
            ? null
            : $"nats-server {version} is too old: message schedules and async streams need {Oldest}.";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        AsyncEventHandler<NatsEventArgs> opened = (_, _) =>
        {
            _opened.Release();
            return ValueTask.CompletedTask;
        };
        connection.ConnectionOpened += opened;
        try
        {
            while (true)
            {
                await RunAsync(stoppingToken);
                if (options.Value.RequireSync && Fault is not null)
                {
                    _refused.TrySetResult(Fault);
                    return;
                }

                await _opened.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host takes a cancellation for a failure when it's disposed without a stop.
        }
        finally
        {
            connection.ConnectionOpened -= opened;
        }
    }

    private async Task CheckSyncAsync(string monitor, CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(new Uri(monitor), "/jsz"), cancellationToken));
            var isAlways = answer.RootElement.TryGetProperty("config", out var config)
                && config.TryGetProperty("sync_always", out var always) && always.GetBoolean();
            if (isAlways)
            {
                LogSyncs();
                return;
            }

            Fault = "nats-server stands alone and doesn't sync before it acknowledges: a power cut loses accepted mail. Set jetstream { sync_interval: always }.";
            LogDoesNotSync(Fault);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or OperationCanceledException)
        {
            LogUnknown(failure.Message);
        }
    }

    [LoggerMessage(MessagingEventIds.ServerSyncs, LogLevel.Information, "nats-server syncs before it acknowledges")]
    private partial void LogSyncs();

    [LoggerMessage(MessagingEventIds.ServerDoesNotSync, LogLevel.Critical, "{Fault}")]
    private partial void LogDoesNotSync(string fault);

    [LoggerMessage(MessagingEventIds.ServerSyncUnknown, LogLevel.Warning, "It can't be told whether nats-server syncs before it acknowledges: {Reason}")]
    private partial void LogUnknown(string reason);

    [LoggerMessage(MessagingEventIds.ServerTooOld, LogLevel.Critical, "{Fault}")]
    private partial void LogTooOld(string fault);
}
