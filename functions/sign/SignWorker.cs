using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Topology;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;

namespace MailPace.Sign;

/// <summary>Holds the consumers <c>sign</c> of every partition and <c>redrive</c>.</summary>
internal sealed class SignWorker(
    INatsJSContext jetStream,
    TopologyKeeper topology,
    RepeatHorizon horizon,
    DirectoryCache directory,
    BundleHandler bundles,
    RedriveHandler redrives,
    IOptions<SignOptions> options,
    IOptions<NatsOptions> nats,
    TimeProvider time,
    ILogger<StreamConsumer> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await TryWaitAsync(stoppingToken))
        {
            return;
        }

        var running = Enumerable.Range(0, nats.Value.Partitions)
            .Select(partition => RunAsync(
                Streams.Mail(partition), Streams.SignConsumer, options.Value.Bundles, (message, token) => bundles.HandleAsync(partition, message, token), stoppingToken))
            .Append(RunAsync(Streams.Jobs, Streams.RedriveConsumer, options.Value.Redrives, redrives.HandleAsync, stoppingToken));
        await Task.WhenAll(running);
    }

    /// <summary>Before the directory is read no domain would have keys.</summary>
    private async Task<bool> TryWaitAsync(CancellationToken stoppingToken)
    {
        try
        {
            await topology.Ready.WaitAsync(stoppingToken);
            while (!directory.IsReady)
            {
                await Task.Delay(Pause, time, stoppingToken);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunAsync(
        string stream, string name, int parallelism, Func<ConsumedMessage, CancellationToken, ValueTask<JobOutcome>> handler, CancellationToken stoppingToken)
    {
        var settings = new StreamConsumerOptions { Stream = stream, Consumer = name, Parallelism = parallelism, Prefetch = parallelism * 2 };
        using var consumer = new StreamConsumer(jetStream, horizon, settings, handler, nats.Value, time, log);
        await consumer.RunAsync(stoppingToken);
    }
}
