using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Consuming;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;
using NATS.Client.ObjectStore;

namespace MailPace.Messaging.Topology;

/// <summary>
/// Makes streams, buckets and consumers, and makes them again within seconds when they vanish: JOBS may be gone whole after a power cut.
/// Safe to run from many processes: to create what is there with the same shape is no error, and only what differs is updated.
/// What comes back is compared with what was asked for, since a server that is too old ignores in silence what it doesn't know.
/// </summary>
public sealed partial class TopologyKeeper(INatsJSContext jetStream, RepeatHorizon horizon, IOptions<NatsOptions> options, TimeProvider time, ILogger<TopologyKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything has been there once.</summary>
    public Task Ready => _ready.Task;

    /// <summary>What is wrong now; null when all is as it should be. It asks JetStream itself every two seconds, so readiness can show it.</summary>
    public string? Fault { get; private set; } = "The streams have not been checked yet.";

    /// <summary>Creates what is missing and updates what differs.</summary>
    /// <returns>What differs and can't be changed in place, each in words; empty when all is as it should be.</returns>
    public async Task<IReadOnlyList<string>> EnsureAsync(CancellationToken cancellationToken)
    {
        var differences = new List<string>();
        foreach (var shape in StreamShapes.Streams(options.Value))
        {
            differences.AddRange(await EnsureStreamAsync(shape, cancellationToken));
        }

        var consumers = new List<(string Stream, string Name, DateTimeOffset Created)>();
        foreach (var (stream, consumer) in StreamShapes.Consumers(options.Value))
        {
            consumers.Add((stream, consumer.Name!, await EnsureConsumerAsync(stream, consumer, cancellationToken)));
        }

        var keyValue = new NatsKVContext(jetStream);
        foreach (var bucket in (string[])[Streams.Directory, Streams.Counters, Streams.Shaping, Streams.TlsPolicies])
        {
            await EnsureBucketAsync(bucket, () => keyValue.GetStoreAsync(bucket, cancellationToken), () => keyValue.CreateStoreAsync(StreamShapes.Bucket(bucket, options.Value), cancellationToken));
        }

        // Before anything is stored, and at once after a restart of the server: what is stored later can't be a repeat.
        foreach (var (stream, consumer, created) in consumers)
        {
            await horizon.FindAsync(stream, consumer, created, cancellationToken);
        }

        var objects = new NatsObjContext(jetStream);
        await EnsureBucketAsync(Streams.Blobs, () => objects.GetObjectStoreAsync(Streams.Blobs, cancellationToken), () => objects.CreateObjectStoreAsync(StreamShapes.Blobs(options.Value), cancellationToken));
        if (await IsThereAsync(Streams.Mail(options.Value.Partitions), cancellationToken))
        {
            differences.Add($"{Streams.Mail(options.Value.Partitions)} exists but Nats:Partitions is {options.Value.Partitions}: partitions can't shrink, its mail would never be sent");
        }

        return differences;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await CheckAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host takes a cancellation for a failure when it's disposed without a stop.
        }
    }

    private async Task CheckAsync(CancellationToken stoppingToken)
    {
        try
        {
            // While there is no connection the client waits for one and heeds no cancellation; a stop doesn't wait for that.
            var differences = await EnsureAsync(stoppingToken).WaitAsync(stoppingToken);
            Show(differences.Count == 0 ? null : string.Join("; ", differences));
            _ready.TrySetResult();
        }
        catch (Exception failure) when (failure is NatsException or TimeoutException or OperationCanceledException)
        {
            // Transient by nature: NATS is away or busy. Readiness shows it, the next round repairs it.
            if (!stoppingToken.IsCancellationRequested)
            {
                Show(failure.Message);
            }
        }
    }

    private void Show(string? fault)
    {
        if (fault is not null && fault != Fault)
        {
            LogFault(fault);
        }

        Fault = fault;
    }

    private async Task<bool> IsThereAsync(string stream, CancellationToken cancellationToken)
    {
        try
        {
            await jetStream.GetStreamAsync(stream, cancellationToken: cancellationToken);
            return true;
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            return false;
        }
    }

    private async Task EnsureBucketAsync<T>(string name, Func<ValueTask<T>> get, Func<ValueTask<T>> create)
    {
        try
        {
            await get();
        }
        catch (NatsException missing) when (missing is NatsJSApiException { Error.Code: 404 } or NatsObjException)
        {
            LogMaking(name);
            await create();
        }
    }

    private async Task<IReadOnlyList<string>> EnsureStreamAsync(StreamConfig shape, CancellationToken cancellationToken)
    {
        StreamConfig actual;
        try
        {
            actual = (await jetStream.GetStreamAsync(shape.Name!, cancellationToken: cancellationToken)).Info.Config;
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            LogMaking(shape.Name!);
            actual = (await jetStream.CreateStreamAsync(shape, cancellationToken)).Info.Config;
        }

        if (StreamShapes.Apply(shape, actual))
        {
            LogUpdating(shape.Name!);
            actual = (await jetStream.UpdateStreamAsync(actual, cancellationToken)).Info.Config;
        }

        return StreamShapes.Differences(shape, actual);
    }

    /// <returns>When it was made.</returns>
    private async Task<DateTimeOffset> EnsureConsumerAsync(string stream, ConsumerConfig shape, CancellationToken cancellationToken)
    {
        try
        {
            var info = (await jetStream.GetConsumerAsync(stream, shape.Name!, cancellationToken)).Info;
            if (stream == Streams.Jobs && await IsAheadAsync(stream, info, cancellationToken))
            {
                return await MakeAnewAsync(stream, shape, cancellationToken);
            }

            var actual = info.Config;
            if (actual.AckWait == shape.AckWait && actual.MaxAckPending == shape.MaxAckPending)
            {
                return info.Created;
            }

            LogUpdating($"{stream}/{shape.Name}");
            actual.AckWait = shape.AckWait;
            actual.MaxAckPending = shape.MaxAckPending;
            shape = actual; // where it starts is fixed at creation
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            LogMaking($"{stream}/{shape.Name}");
            var made = (await jetStream.CreateOrUpdateConsumerAsync(stream, shape, cancellationToken)).Info;
            return stream == Streams.Jobs && made.Delivered.ConsumerSeq > 0 ? await MakeAnewAsync(stream, shape, cancellationToken) : made.Created;
        }

        return (await jetStream.CreateOrUpdateConsumerAsync(stream, shape, cancellationToken)).Info.Created;
    }

    /// <summary>It believes to have delivered what the stream hasn't held yet.</summary>
    private async Task<bool> IsAheadAsync(string stream, ConsumerInfo consumer, CancellationToken cancellationToken)
        => consumer.Delivered.StreamSeq > (await jetStream.GetStreamAsync(stream, cancellationToken: cancellationToken)).Info.State.LastSeq;

    /// <summary>
    /// After a power cut JOBS may be gone while files of its consumers are left in its folder. Made again under its name, a consumer takes
    /// over what the old one had acknowledged, by sequence; the new stream counts from one, and all jobs up to that sequence would wait for
    /// ever. Deleted, it forgets. JOBS holds nothing that is done, so a consumer that starts from its beginning is never wrong.
    /// </summary>
    private async Task<DateTimeOffset> MakeAnewAsync(string stream, ConsumerConfig shape, CancellationToken cancellationToken)
    {
        LogInherited($"{stream}/{shape.Name}");
        await jetStream.DeleteConsumerAsync(stream, shape.Name!, cancellationToken);
        return (await jetStream.CreateOrUpdateConsumerAsync(stream, shape, cancellationToken)).Info.Created;
    }

    private void LogMaking(string name)
    {
        if (_ready.Task.IsCompleted)
        {
            LogGone(name);
            return;
        }

        LogCreating(name);
    }

    [LoggerMessage(MessagingEventIds.TopologyCreated, LogLevel.Information, "Creating {Name}")]
    private partial void LogCreating(string name);

    [LoggerMessage(MessagingEventIds.TopologyGone, LogLevel.Error, "{Name} is gone; making it again")]
    private partial void LogGone(string name);

    [LoggerMessage(MessagingEventIds.TopologyDiffers, LogLevel.Warning, "Updating {Name}: its limits differ from the configuration")]
    private partial void LogUpdating(string name);

    [LoggerMessage(MessagingEventIds.ConsumerInherited, LogLevel.Warning, "{Name} has the acknowledgements of a stream that is gone; making it anew")]
    private partial void LogInherited(string name);

    [LoggerMessage(MessagingEventIds.TopologyLost, LogLevel.Error, "The streams are not as they should be: {Reason}")]
    private partial void LogFault(string reason);
}
