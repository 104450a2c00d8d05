using MailPace.Contracts;
using MailPace.Messaging.Connection;
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
/// Makes streams, buckets and consumers, and makes them again when they vanish: JOBS may be gone whole after a power cut. Safe to run
/// from many processes: to create what is there with the same shape is no error, and only what differs is updated.
/// </summary>
public sealed partial class TopologyKeeper(INatsJSContext jetStream, IOptions<NatsOptions> options, TimeProvider time, ILogger<TopologyKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything has been there once.</summary>
    public Task Ready => _ready.Task;

    /// <summary>What is wrong now; null when all is as it should be.</summary>
    public string? Fault { get; private set; } = "The streams have not been checked yet.";

    /// <summary>Creates what is missing and updates what differs.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var shape in StreamShapes.Streams(options.Value))
        {
            await EnsureStreamAsync(shape, cancellationToken);
        }

        foreach (var (stream, consumer) in StreamShapes.Consumers(options.Value))
        {
            await EnsureConsumerAsync(stream, consumer, cancellationToken);
        }

        var keyValue = new NatsKVContext(jetStream);
        foreach (var bucket in (string[])[Streams.Directory, Streams.Counters])
        {
            await EnsureBucketAsync(() => keyValue.GetStoreAsync(bucket, cancellationToken), () => keyValue.CreateStoreAsync(new NatsKVConfig(bucket) { NumberOfReplicas = options.Value.Replicas, Storage = NatsKVStorageType.File }, cancellationToken));
        }

        var objects = new NatsObjContext(jetStream);
        await EnsureBucketAsync(() => objects.GetObjectStoreAsync(Streams.Blobs, cancellationToken), () => objects.CreateObjectStoreAsync(new NatsObjConfig(Streams.Blobs) { NumberOfReplicas = options.Value.Replicas, Storage = NatsObjStorageType.File }, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await EnsureAsync(stoppingToken);
                Fault = null;
                _ready.TrySetResult();
            }
            catch (Exception failure) when (failure is NatsException or TimeoutException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                // Transient by nature: NATS is away or busy. Readiness shows it, the next round repairs it.
                if (Fault != failure.Message)
                {
                    LogFault(failure.Message);
                }

                Fault = failure.Message;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
    }

    private static async Task EnsureBucketAsync<T>(Func<ValueTask<T>> get, Func<ValueTask<T>> create)
    {
        try
        {
            await get();
        }
        catch (NatsException missing) when (missing is NatsJSApiException { Error.Code: 404 } or NatsKVException or NatsObjException)
        {
            await create();
        }
    }

    private async Task EnsureStreamAsync(StreamConfig shape, CancellationToken cancellationToken)
    {
        StreamConfig actual;
        try
        {
            actual = (await jetStream.GetStreamAsync(shape.Name!, cancellationToken: cancellationToken)).Info.Config;
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            LogCreating(shape.Name!);
            await jetStream.CreateStreamAsync(shape, cancellationToken);
            return;
        }

        if (actual.MaxAge != shape.MaxAge || actual.MaxBytes != shape.MaxBytes || actual.NumReplicas != shape.NumReplicas)
        {
            shape.PersistMode = actual.PersistMode; // fixed at creation
            await jetStream.UpdateStreamAsync(shape, cancellationToken);
        }
        else if (actual.Retention != shape.Retention || actual.AllowMsgSchedules != shape.AllowMsgSchedules || actual.PersistMode != shape.PersistMode)
        {
            LogDiffers(shape.Name!, $"retention {actual.Retention}, schedules {actual.AllowMsgSchedules}, persist mode {actual.PersistMode}");
        }
    }

    private async Task EnsureConsumerAsync(string stream, ConsumerConfig shape, CancellationToken cancellationToken)
    {
        try
        {
            var actual = (await jetStream.GetConsumerAsync(stream, shape.Name!, cancellationToken)).Info.Config;
            if (actual.AckWait == shape.AckWait && actual.MaxAckPending == shape.MaxAckPending)
            {
                return;
            }

            shape.DeliverPolicy = actual.DeliverPolicy; // fixed at creation, as is where it starts
            shape.OptStartSeq = actual.OptStartSeq;
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            LogCreating($"{stream}/{shape.Name}");
        }

        await jetStream.CreateOrUpdateConsumerAsync(stream, shape, cancellationToken);
    }

    [LoggerMessage(MessagingEventIds.TopologyCreated, LogLevel.Information, "Creating {Name}")]
    private partial void LogCreating(string name);

    [LoggerMessage(MessagingEventIds.TopologyDiffers, LogLevel.Error, "Stream {Name} differs in what can't be changed ({Actual}): delete it while nothing runs, and it is made again")]
    private partial void LogDiffers(string name, string actual);

    [LoggerMessage(MessagingEventIds.TopologyLost, LogLevel.Error, "The streams can't be checked: {Reason}")]
    private partial void LogFault(string reason);
}
