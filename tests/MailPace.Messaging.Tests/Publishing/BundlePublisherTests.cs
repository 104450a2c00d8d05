using System.Collections.Concurrent;
using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Tests.Server;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Tests.Publishing;

public sealed class BundlePublisherTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_LoneItem_IsABundleOfOne()
    {
        await using var host = await MessagingHost.StartAsync();

        var stored = await host.Mail.PublishAsync(Samples.Email(1), Samples.Mime);

        var item = Assert.Single(await ReadAsync(host, stored.Sequence));
        Assert.Equal(1, item.EmailId);
        Assert.Equal(Samples.Mime, item.Body.ToArray());
    }

    [Fact]
    public async Task Publish_ManyAtOnce_ShareBundlesAndEachKnowsItsOwn()
    {
        await using var host = await MessagingHost.StartAsync();

        var stored = await Task.WhenAll(Enumerable.Range(1, 1000).Select(id => host.Mail.PublishAsync(Samples.Email(id), Samples.Mime)));

        var state = (await host.JetStream.GetStreamAsync(Streams.Mail(0), cancellationToken: Cancel)).Info.State;
        Assert.InRange(state.Messages, 8, 100);
        foreach (var bundle in stored.Select(static (at, index) => (at.Sequence, Id: index + 1L)).GroupBy(static each => each.Sequence))
        {
            Assert.Equal(bundle.Select(static each => each.Id).Order(), (await ReadAsync(host, bundle.Key)).Select(static item => item.EmailId).Order());
        }
    }

    [Fact]
    public async Task Publish_ServerKilledMeanwhile_NothingAcknowledgedIsMissing()
    {
        await using var host = await MessagingHost.StartAsync();
        var acknowledged = new ConcurrentDictionary<long, long>();
        var next = 0L;
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 32).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var id = Interlocked.Increment(ref next);
                try
                {
                    acknowledged[id] = (await host.Mail.PublishAsync(Samples.Email(id), Samples.Mime)).Sequence;
                }
                catch (NotDurableException)
                {
                    // Not acknowledged: nothing is promised.
                }
            }
        }).ToArray();

        for (var kill = 0; kill < 3; kill++)
        {
            var before = acknowledged.Count;
            await Wait.UntilAsync(() => acknowledged.Count > before + 200, "mail flows");
            await host.Server.Kill9Async();
            await host.Server.StartAgainAsync();
        }

        var last = acknowledged.Count;
        await Wait.UntilAsync(() => acknowledged.Count > last + 200, "mail flows again");
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        var inStream = new Dictionary<long, int>();
        var state = (await host.JetStream.GetStreamAsync(Streams.Mail(0), cancellationToken: Cancel)).Info.State;
        for (var sequence = 1L; sequence <= (long)state.LastSeq; sequence++)
        {
            foreach (var item in await ReadAsync(host, sequence))
            {
                inStream[item.EmailId] = inStream.GetValueOrDefault(item.EmailId) + 1;
            }
        }

        Assert.Empty(acknowledged.Keys.Except(inStream.Keys));
        Assert.DoesNotContain(inStream.Values, static copies => copies > 1);
    }

    [Fact]
    public async Task Publish_AcknowledgementLost_IsStoredOnce()
    {
        await using var host = await MessagingHost.StartAsync();
        var publish = new DurablePublish(host.JetStream, new PublishOptions(), host.Get<PublishHealth>(), TimeProvider.System);
        ReadOnlyMemory<BundleItem> bundle = new[] { new BundleItem(1, new byte[1], default) };
        var options = new NatsJSPubOpts { MsgId = "one" };

        var first = await publish.SendOrThrowAsync(Subjects.Mail(0), bundle, BundleSerializer.Instance, options, null);
        var again = await publish.SendOrThrowAsync(Subjects.Mail(0), bundle, BundleSerializer.Instance, options, null);

        Assert.Equal(first.Seq, again.Seq);
        Assert.True(again.Duplicate);
    }

    [Fact]
    public async Task Publish_StreamFull_IsRefusedAtOnceAndRecovers()
    {
        await using var host = await MessagingHost.StartAsync(("Nats:MailMaxBytes", "20000"));
        var stored = 0;
        var failure = await Assert.ThrowsAsync<NotDurableException>(async () =>
        {
            for (var id = 1; id < 100; id++)
            {
                await host.Mail.PublishAsync(Samples.Email(id), Samples.Mime);
                stored++;
            }
        });

        Assert.Equal(3, stored);
        Assert.Contains("maximum bytes", failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Message, host.Get<PublishHealth>().Fault);
        await (await host.JetStream.GetStreamAsync(Streams.Mail(0), cancellationToken: Cancel)).PurgeAsync(new StreamPurgeRequest(), Cancel);
        Assert.Equal(4, (await host.Mail.PublishAsync(Samples.Email(101), Samples.Mime)).Sequence);
        Assert.Null(host.Get<PublishHealth>().Fault);
    }

    [Fact]
    public async Task Publish_ServerDown_FailsWithinTheDeadlineAndRecovers()
    {
        await using var host = await MessagingHost.StartAsync(("Publish:Deadline", "00:00:01"), ("Publish:AckTimeout", "00:00:00.5"));
        await host.Server.Kill9Async();

        await Assert.ThrowsAsync<NotDurableException>(() => host.Mail.PublishAsync(Samples.Email(1), Samples.Mime).WaitAsync(TimeSpan.FromSeconds(10), Cancel));

        Assert.NotNull(host.Get<PublishHealth>().Fault);
        await host.Server.StartAgainAsync();
        await Wait.UntilAsync(async () => await TryPublishAsync(host, 2), "mail is accepted again");
    }

    [Fact]
    public async Task Publish_MoreThanMayWait_IsRefusedAtOnce()
    {
        await using var host = await MessagingHost.StartAsync(("Publish:MaxWaitingBytes", "60000"), ("Publish:Deadline", "00:00:02"));
        await host.Server.Kill9Async();

        var all = Enumerable.Range(1, 100).Select(id => host.Mail.PublishAsync(Samples.Email(id), Samples.Mime)).ToArray();

        var refused = all.Count(static task => task.IsFaulted);
        Assert.InRange(refused, 70, 95);
        var failures = await Task.WhenAll(all.Select(static task => task.ContinueWith(static done => done.Exception?.InnerException is NotDurableException, TaskScheduler.Default)));
        Assert.DoesNotContain(false, failures);
    }

    private static async Task<bool> TryPublishAsync(MessagingHost host, long id)
    {
        try
        {
            await host.Mail.PublishAsync(Samples.Email(id), Samples.Mime);
            return true;
        }
        catch (NotDurableException)
        {
            return false;
        }
    }

    private static async Task<BundleItem[]> ReadAsync(MessagingHost host, long sequence)
    {
        var stream = await host.JetStream.GetStreamAsync(Streams.Mail(0), cancellationToken: Cancel);
        var response = await stream.GetAsync(new StreamMsgGetRequest { Seq = (ulong)sequence }, Cancel);
        return Bundle.Read(response.Message.Data);
    }
}
