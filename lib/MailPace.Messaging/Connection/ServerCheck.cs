using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;

namespace MailPace.Messaging.Connection;

/// <summary>Is the server one that keeps the promise: new enough, and, where it stands alone, syncing before it acknowledges.</summary>
public sealed partial class ServerCheck(NatsConnection connection, IOptions<NatsOptions> options, ILogger<ServerCheck> logger)
{
    private static readonly Version Oldest = new(2, 12);

    /// <summary>What breaks the promise; null when nothing is known to.</summary>
    public string? Fault { get; private set; }

    /// <summary>Asks once, and says loudly what it finds.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await connection.ConnectAsync();
        var server = connection.ServerInfo;
        if (server is null || !Version.TryParse(server.Version.Split('-')[0], out var version) || version < Oldest)
        {
            Fault = $"nats-server {server?.Version} is too old: message schedules and async streams need {Oldest}.";
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
