using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Topology;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;

namespace MailPace.Bounce;

/// <summary>Takes reports from INBOUND.</summary>
internal sealed class BounceWorker(
    INatsJSContext jetStream,
    TopologyKeeper topology,
    RepeatHorizon horizon,
    BounceHandler handler,
    IOptions<BounceOptions> options,
    IOptions<NatsOptions> nats,
    TimeProvider time,
    ILogger<StreamConsumer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await topology.Ready.WaitAsync(stoppingToken);
        var settings = new StreamConsumerOptions
        {
            Stream = Streams.Inbound,
            Consumer = Streams.BounceConsumer,
            Parallelism = options.Value.Concurrency,
            Prefetch = options.Value.Concurrency,
        };
        using var consumer = new StreamConsumer(jetStream, horizon, settings, handler.HandleAsync, nats.Value, time, logger);
        await consumer.RunAsync(stoppingToken);
    }
}
