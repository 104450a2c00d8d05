using MailPace.Contracts;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Tests.Server;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Tests.Jobs;

public sealed class JobPublisherTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_Twice_IsOneJob()
    {
        await using var host = await MessagingHost.StartAsync();
        var jobs = host.Get<JobPublisher>();

        await jobs.PublishAsync(new JobPayload(Samples.Job(7), ["DKIM"u8.ToArray(), Samples.Mime]));
        await jobs.PublishAsync(new JobPayload(Samples.Job(7), ["DKIM"u8.ToArray(), Samples.Mime]));

        var stream = await host.JetStream.GetStreamAsync(Streams.Jobs, cancellationToken: Cancel);
        Assert.Equal(1, stream.Info.State.Messages);
        var stored = await stream.GetAsync(new StreamMsgGetRequest { LastBySubj = Subjects.Deliver(7, 0) }, Cancel);
        var read = JobCodec.Read(stored.Message.Data);
        Assert.Equal([.. "DKIM"u8, .. Samples.Mime], Assert.Single(read.Content).ToArray());
        Assert.Equal(7, read.Job.EmailId);
    }

    [Fact]
    public async Task Schedule_TimeComes_IsAJobThoughItsIdIsYoungerThanTheDedupWindow()
    {
        await using var host = await MessagingHost.StartAsync();
        var jobs = host.Get<JobPublisher>();
        var inspector = host.Get<JobInspector>();
        var stream = await host.JetStream.GetStreamAsync(Streams.Jobs, cancellationToken: Cancel);

        await jobs.ScheduleAsync(new JobPayload(Samples.Job(7, attempt: 2), [Samples.Mime]), TimeProvider.System.GetUtcNow().AddSeconds(2));

        Assert.True(await inspector.HoldsAnyAsync(7, 0, Cancel));
        Assert.False(await inspector.HoldsAnyAsync(7, 1, Cancel));
        Assert.False(await inspector.HoldsAnyAsync(70, 0, Cancel));
        await Wait.UntilAsync(
            async () =>
            {
                await stream.RefreshAsync(Cancel);
                var consumer = await host.JetStream.GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, Cancel);
                return consumer.Info.NumPending == 1;
            },
            "the schedule fires");
        Assert.True(await inspector.HoldsAnyAsync(7, 0, Cancel));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 255, 0, 0, 0 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 4, 0, 0, 0, (byte)'n', (byte)'u', (byte)'l', (byte)'l' })]
    [InlineData(new byte[] { 1, 1, 0, 0, 0, (byte)'{' })]
    public void Read_NoJob_SaysSo(byte[] payload) => Assert.Throws<JobFormatException>(() => JobCodec.Read(payload));
}
