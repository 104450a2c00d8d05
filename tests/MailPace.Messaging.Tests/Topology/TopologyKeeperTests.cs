using MailPace.Contracts;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Tests.Server;
using MailPace.Testing;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Tests.Topology;

public sealed class TopologyKeeperTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ensure_Twice_FindsNothingToSay()
    {
        await using var host = await MessagingHost.StartAsync();

        Assert.Empty(await host.Topology.EnsureAsync(Cancel));
        Assert.Null(host.Topology.Fault);
        var jobs = (await host.JetStream.GetStreamAsync(Streams.Jobs, cancellationToken: Cancel)).Info.Config;
        Assert.Equal(StreamConfigPersistMode.Async, jobs.PersistMode);
        Assert.True(jobs.AllowMsgSchedules);
    }

    [Fact]
    public async Task Ensure_FromManyProcessesAtOnce_IsSafe()
    {
        await using var host = await MessagingHost.StartAsync();
        await foreach (var name in host.JetStream.ListStreamNamesAsync(cancellationToken: Cancel))
        {
            await host.JetStream.DeleteStreamAsync(name, Cancel);
        }

        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Topology.EnsureAsync(Cancel)));

        Assert.All(found, Assert.Empty);
    }

    [Fact]
    public async Task Jobs_Deleted_IsMadeAgainWithItsConsumers()
    {
        await using var host = await MessagingHost.StartAsync();
        var before = await host.Get<JobInspector>().JobsCreatedAsync(Cancel);
        await host.JetStream.DeleteStreamAsync(Streams.Jobs, Cancel);

        await Wait.UntilAsync(async () => await HasAsync(host, Streams.DeliverConsumer) && await HasAsync(host, Streams.RedriveConsumer), "JOBS is back");

        Assert.True(await host.Get<JobInspector>().JobsCreatedAsync(Cancel) > before);
    }

    [Fact]
    public async Task Jobs_LostWithItsConsumersStateLeft_DeliversFromItsBeginning()
    {
        using var directory = TestDirectory.Create();
        var server = await NatsServer.StartAsync(directory.Combine("store"));
        await using var host = await MessagingHost.StartAsync(server);
        var jobs = host.Get<JobPublisher>();
        for (var id = 1; id <= 3; id++)
        {
            await jobs.PublishAsync(new JobPayload(Samples.Job(id), [Samples.Mime]));
        }

        var consumer = await host.JetStream.GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, Cancel);
        await foreach (var job in consumer.FetchAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = 3 }, cancellationToken: Cancel))
        {
            await job.AckAsync(cancellationToken: Cancel);
        }

        // What a power cut leaves: the stream's own files are empty, the state of its consumer isn't.
        var folder = Path.Combine(directory.Path, "store/jetstream/$G/streams", Streams.Jobs);
        var state = Path.Combine(folder, "obs", Streams.DeliverConsumer, "o.dat");
        await Wait.UntilAsync(() => File.Exists(state) && new FileInfo(state).Length > 0, "the consumer's state is written");
        await Wait.UntilAsync(async () => (await host.JetStream.GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, Cancel)).Info.NumAckPending == 0, "all is acknowledged");
        await server.Kill9Async();
        await File.WriteAllBytesAsync(Path.Combine(folder, "meta.inf"), [], Cancel);
        await File.WriteAllBytesAsync(Path.Combine(folder, "meta.sum"), [], Cancel);
        await File.WriteAllBytesAsync(Path.Combine(folder, "obs", Streams.DeliverConsumer, "meta.inf"), [], Cancel);
        System.IO.Directory.Delete(Path.Combine(folder, "msgs"), recursive: true);
        await server.StartAgainAsync();
        await Wait.UntilAsync(async () => await HasAsync(host, Streams.DeliverConsumer), "JOBS is back");

        await jobs.PublishAsync(new JobPayload(Samples.Job(4), [Samples.Mime]));

        // It may be seen before it is deleted and made anew.
        await Wait.UntilAsync(async () => (await FindAsync(host, Streams.DeliverConsumer))?.Info.NumPending == 1, "the job waits for its consumer");
    }

    [Fact]
    public async Task Stream_WithOtherLimits_IsRepaired()
    {
        await using var host = await MessagingHost.StartAsync();
        var config = (await host.JetStream.GetStreamAsync(Streams.Events(0), cancellationToken: Cancel)).Info.Config;
        config.MaxAge = TimeSpan.FromHours(1);
        await host.JetStream.UpdateStreamAsync(config, Cancel);

        Assert.Empty(await host.Topology.EnsureAsync(Cancel));

        Assert.Equal(TimeSpan.FromDays(7), (await host.JetStream.GetStreamAsync(Streams.Events(0), cancellationToken: Cancel)).Info.Config.MaxAge);
    }

    [Fact]
    public async Task Stream_WithWhatCannotBeChanged_IsNamed()
    {
        await using var host = await MessagingHost.StartAsync();
        await host.JetStream.CreateStreamAsync(new StreamConfig("MAIL-1", ["mail.1"]), Cancel);

        var difference = Assert.Single(await host.Topology.EnsureAsync(Cancel));

        Assert.Contains("MAIL-1", difference, StringComparison.Ordinal);
    }

    private static async Task<bool> HasAsync(MessagingHost host, string consumer) => await FindAsync(host, consumer) is not null;

    private static async Task<INatsJSConsumer?> FindAsync(MessagingHost host, string consumer)
    {
        try
        {
            return await host.JetStream.GetConsumerAsync(Streams.Jobs, consumer, Cancel);
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            return null;
        }
    }
}
