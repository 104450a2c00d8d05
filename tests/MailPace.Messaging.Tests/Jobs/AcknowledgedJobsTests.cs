using MailPace.Contracts;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Tests.Server;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Tests.Jobs;

public sealed class AcknowledgedJobsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JobsThatWaitOrAreUnderWay_AreLeftAlone()
    {
        await using var host = await MessagingHost.StartAsync();
        await PublishAsync(host, 1, 2, 3);
        await FetchAsync(host, acknowledge: 1);
        await Wait.UntilAsync(async () => await HeldAsync(host) == 2, "the acknowledged one is gone");

        Assert.Equal(0, await host.Get<AcknowledgedJobs>().RemoveAsync(Cancel));
        Assert.Equal(2, await HeldAsync(host));
    }

    [Fact]
    public async Task JobsWhoseRemovalTheServerDidNotWrite_AreRemoved_AndNoOthers()
    {
        await using var host = await MessagingHost.StartAsync();
        await PublishAsync(host, 1, 2);
        await host.Server.LoseRemovalsAsync(Streams.Jobs, async () =>
        {
            await FetchAsync(host, acknowledge: 2);
            await Wait.UntilAsync(async () => await HeldAsync(host) == 0, "all are acknowledged");
        });
        await PublishAsync(host, 3);
        Assert.Equal(3, await HeldAsync(host));

        Assert.Equal(2, await host.Get<AcknowledgedJobs>().RemoveAsync(Cancel));

        Assert.Equal([Subjects.Deliver(3, 0)], await SubjectsAsync(host));
    }

    private static async Task PublishAsync(MessagingHost host, params long[] ids)
    {
        foreach (var id in ids)
        {
            await host.Get<JobPublisher>().PublishAsync(new JobPayload(Samples.Job(id), [Samples.Mime]));
        }
    }

    /// <summary>Takes all that waits.</summary>
    private static async Task FetchAsync(MessagingHost host, int acknowledge)
    {
        var consumer = await host.JetStream.GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, Cancel);
        await foreach (var job in consumer.FetchNoWaitAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = 10 }, cancellationToken: Cancel))
        {
            if (acknowledge-- > 0)
            {
                await job.AckAsync(new AckOpts { DoubleAck = true }, Cancel);
            }
        }
    }

    private static async Task<long> HeldAsync(MessagingHost host)
        => (await host.JetStream.GetStreamAsync(Streams.Jobs, cancellationToken: Cancel)).Info.State.Messages;

    private static async Task<IEnumerable<string>> SubjectsAsync(MessagingHost host)
        => (await host.JetStream.GetStreamAsync(Streams.Jobs, new() { SubjectsFilter = ">" }, Cancel)).Info.State.Subjects!.Keys;
}
