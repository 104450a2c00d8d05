using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Topology;
using MailPace.Messaging.Webhooks;
using MailPace.Webhook.Making;
using MailPace.Webhook.Replaying;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Webhook.Delivering;

/// <summary>
/// Runs what the directory's endpoints need: a queue with its own handlers for each that isn't paused, and the makers of deliveries while there
/// is an endpoint at all. Looks every half second; makes consumers again that vanished.
/// </summary>
internal sealed partial class EndpointSupervisor(
    INatsJSContext jetStream,
    TopologyKeeper topology,
    RepeatHorizon horizon,
    DirectoryCache directory,
    WebhookStreams streams,
    MailMaker mail,
    EventMaker events,
    DeliveryHandler deliveries,
    ReplayHandler replays,
    IOptions<WebhookOptions> options,
    IOptions<NatsOptions> nats,
    TimeProvider time,
    ILogger<EndpointSupervisor> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan EnsureInterval = TimeSpan.FromSeconds(15);

    /// <summary>What a server that was killed may have lost of WEBHOOKS, and more.</summary>
    private static readonly TimeSpan RestartLoss = TimeSpan.FromMinutes(10);

    private readonly ILogger logger = logger;
    private readonly Dictionary<long, Running> queues = [];
    private Running? making;
    private Running? replaying;
    private long ensuredAt;
    private string? ensuredOn;

    /// <summary>Ids of the endpoints whose queues are worked off.</summary>
    internal IReadOnlyCollection<long> Open => queues.Keys;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await topology.Ready.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (directory.IsReady)
                {
                    await AdjustAsync(stoppingToken);
                }
            }
            catch (Exception failure) when (failure is NatsException or TimeoutException or OperationCanceledException)
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(failure.Message);
                }
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(((Running?[])[.. queues.Values, making, replaying]).OfType<Running>().Select(static running => running.DisposeAsync().AsTask()));
    }

    private async Task AdjustAsync(CancellationToken cancellationToken)
    {
        var endpoints = directory.Webhooks.SelectMany(static domain => domain.Endpoints).ToList();
        replaying ??= Start(Streams.Webhooks, Streams.ReplayConsumer, 2, replays.HandleAsync);

        // A server that was started anew has forgotten the endpoints' consumers.
        var server = jetStream.Connection.ServerInfo?.Id ?? "";
        var isDue = server != ensuredOn || time.GetElapsedTime(ensuredAt) > EnsureInterval;
        await AdjustMakingAsync(endpoints, isDue, cancellationToken);
        await AdjustQueuesAsync([.. endpoints.Where(static endpoint => !endpoint.IsPaused).Select(static endpoint => endpoint.Id)], isDue, cancellationToken);
        if (isDue)
        {
            await RemoveOldAsync([.. endpoints.Select(static endpoint => endpoint.Id)], cancellationToken);
            ensuredAt = time.GetTimestamp();
            ensuredOn = server;
        }
    }

    private async Task AdjustMakingAsync(List<WebhookEndpointEntry> endpoints, bool isDue, CancellationToken cancellationToken)
    {
        if (endpoints.Count == 0)
        {
            if (making is not null)
            {
                await making.DisposeAsync();
                making = null;
                await streams.StopMakingAsync(cancellationToken);
            }

            return;
        }

        if (making is not null && !isDue)
        {
            return;
        }

        // An endpoint hears of nothing before it was there; a minute is for clocks that differ.
        var now = time.GetUtcNow();
        var from = endpoints.Min(static endpoint => endpoint.CreatedAt) - TimeSpan.FromMinutes(1);
        await streams.EnsureMakingAsync(from, now - options.Value.Horizon, now - RestartLoss, cancellationToken);
        making ??= new Running([.. Enumerable.Range(0, nats.Value.Partitions).SelectMany(partition => (Running[])
        [
            Start(Streams.Mail(partition), Streams.WebhookConsumer, 1, mail.HandleAsync),
            Start(Streams.Events(partition), Streams.WebhookConsumer, 1, events.HandleAsync),
        ])]);
    }

    private async Task AdjustQueuesAsync(HashSet<long> wanted, bool isDue, CancellationToken cancellationToken)
    {
        foreach (var id in queues.Keys.Where(id => !wanted.Contains(id)).ToList())
        {
            queues.Remove(id, out var running);
            LogClosed(id);
            _ = await Task.WhenAny(running!.DisposeAsync().AsTask(), Task.Delay(options.Value.Timeout, time, cancellationToken));
        }

        foreach (var id in wanted.Where(id => isDue || !queues.ContainsKey(id)))
        {
            await streams.EnsureEndpointAsync(id, options.Value.Concurrency, cancellationToken);
            if (queues.ContainsKey(id))
            {
                continue;
            }

            await deliveries.BeginAsync(id, cancellationToken);
            queues[id] = Start(Streams.Webhooks, Streams.EndpointConsumer(id), options.Value.Concurrency, deliveries.HandleAsync);
            LogOpened(id);
        }
    }

    private async Task RemoveOldAsync(HashSet<long> known, CancellationToken cancellationToken)
    {
        foreach (var id in (await streams.ListEndpointsAsync(cancellationToken)).Where(id => !known.Contains(id)))
        {
            await streams.RemoveEndpointAsync(id, cancellationToken);
        }
    }

    private Running Start(string stream, string consumer, int parallelism, Func<ConsumedMessage, CancellationToken, ValueTask<JobOutcome>> handler)
    {
        var settings = new StreamConsumerOptions { Stream = stream, Consumer = consumer, Parallelism = parallelism, Prefetch = parallelism };
        return new Running(new StreamConsumer(jetStream, horizon, settings, handler, nats.Value, time, logger));
    }

    [LoggerMessage(EventIds.SupervisionFailed, LogLevel.Warning, "Endpoints can't be looked after now: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(EventIds.EndpointOpened, LogLevel.Information, "The queue of endpoint {EndpointId} is worked off")]
    private partial void LogOpened(long endpointId);

    [LoggerMessage(EventIds.EndpointClosed, LogLevel.Information, "The queue of endpoint {EndpointId} rests: it's paused or removed")]
    private partial void LogClosed(long endpointId);

    /// <summary>Consumers that run until they are stopped.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Running[] _parts;
        private readonly Task _run;

        public Running(Running[] parts)
        {
            _parts = parts;
            _run = Task.CompletedTask;
        }

        public Running(StreamConsumer consumer)
        {
            _parts = [];
            _run = RunAsync(consumer);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll([_run, .. _parts.Select(static part => part.DisposeAsync().AsTask())]);
            _stop.Dispose();
        }

        private async Task RunAsync(StreamConsumer consumer)
        {
            using (consumer)
            {
                await consumer.RunAsync(_stop.Token);
            }
        }
    }
}
