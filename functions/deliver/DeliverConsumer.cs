using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Topology;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;

namespace MailPace.Deliver;

/// <summary>Takes jobs from JOBS.</summary>
internal sealed class DeliverConsumer(
    INatsJSContext jetStream,
    TopologyKeeper topology,
    RepeatHorizon horizon,
    DeliverHandler handler,
    IOptions<DeliverOptions> options,
    IOptions<NatsOptions> nats,
    TimeProvider time,
    ILogger<DeliverConsumer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await topology.Ready.WaitAsync(stoppingToken);
        using var consumer = new StreamConsumer(
            jetStream,
            horizon,
            new StreamConsumerOptions
            {
                Stream = Streams.Jobs,
                Consumer = Streams.DeliverConsumer,
                Parallelism = options.Value.Concurrency,
                Prefetch = options.Value.Prefetch,
                DrainTimeout = options.Value.DrainTimeout,
            },
            handler.HandleAsync,
            nats.Value,
            time,
            logger);
        await consumer.RunAsync(stoppingToken);
    }
}
