using MailPace.Contracts;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Tests.Server;

namespace MailPace.Messaging.Tests.Publishing;

public sealed class MailPublisherTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishKeyed_SameKeyAHundredTimesAtOnce_IsStoredOnceAndAllKnowItsId()
    {
        await using var host = await MessagingHost.StartAsync();

        var results = await Task.WhenAll(Enumerable.Range(1, 100).Select(id => host.Mail.PublishKeyedAsync(Samples.Email(id, requestHash: "h"), Samples.Mime, "key", Cancel)));

        var first = Array.FindIndex(results, static result => result is KeyedPublish.Stored) + 1;
        Assert.Single(results.OfType<KeyedPublish.Stored>());
        Assert.All(results.OfType<KeyedPublish.Repeat>(), repeat => Assert.Equal(new KeyedPublish.Repeat(first, true), repeat));
        Assert.Equal(1, (await host.JetStream.GetStreamAsync(Streams.Mail(0), cancellationToken: Cancel)).Info.State.Messages);
    }

    [Fact]
    public async Task PublishKeyed_OtherRequest_IsAMismatch()
    {
        await using var host = await MessagingHost.StartAsync();
        await host.Mail.PublishKeyedAsync(Samples.Email(1, requestHash: "one"), Samples.Mime, "key", Cancel);

        var result = await host.Mail.PublishKeyedAsync(Samples.Email(2, requestHash: "two"), Samples.Mime, "key", Cancel);

        Assert.Equal(new KeyedPublish.Repeat(1, false), result);
    }

    [Fact]
    public async Task PublishKeyed_KeyOlderThanADay_IsFree()
    {
        await using var host = await MessagingHost.StartAsync();
        await host.Mail.PublishKeyedAsync(Samples.Email(1, TimeProvider.System.GetUtcNow().AddHours(-25), "h"), Samples.Mime, "key", Cancel);

        var result = await host.Mail.PublishKeyedAsync(Samples.Email(2, requestHash: "h"), Samples.Mime, "key", Cancel);
        var repeat = await host.Mail.PublishKeyedAsync(Samples.Email(3, requestHash: "h"), Samples.Mime, "key", Cancel);

        Assert.IsType<KeyedPublish.Stored>(result);
        Assert.Equal(new KeyedPublish.Repeat(2, true), repeat);
    }

    [Fact]
    public async Task PublishKeyed_ServerKilledAfterwards_IsARepeat()
    {
        await using var host = await MessagingHost.StartAsync();
        await host.Mail.PublishKeyedAsync(Samples.Email(1, requestHash: "h"), Samples.Mime, "key", Cancel);
        await host.Server.RestartAsync();

        var result = await host.Mail.PublishKeyedAsync(Samples.Email(2, requestHash: "h"), Samples.Mime, "key", Cancel);

        Assert.Equal(new KeyedPublish.Repeat(1, true), result);
    }

    [Fact]
    public async Task PublishKeyed_MoreThanMayWait_IsRefusedAtOnceAndTheRoomComesBack()
    {
        await using var host = await MessagingHost.StartAsync(("Publish:MaxWaitingBytes", "60000"), ("Publish:Deadline", "00:00:02"), ("Publish:AckTimeout", "00:00:01"));
        await host.Server.Kill9Async();

        var all = Enumerable.Range(1, 100).Select(id => host.Mail.PublishKeyedAsync(Samples.Email(id, requestHash: "h"), Samples.Mime, $"key-{id}", Cancel)).ToArray();

        Assert.InRange(all.Count(static task => task.IsFaulted), 70, 95);
        Assert.True(host.Mail.PublishAsync(Samples.Email(101), new byte[50_000]).IsFaulted);
        var failures = await Task.WhenAll(all.Select(static task => task.ContinueWith(static done => done.Exception?.InnerException is NotDurableException, TaskScheduler.Default)));
        Assert.DoesNotContain(false, failures);
        await host.Server.StartAgainAsync();
        await Wait.UntilAsync(() => TryPublishAsync(host, 102, new byte[50_000]), "a large email is accepted again");
    }

    private static async Task<bool> TryPublishAsync(MessagingHost host, long id, byte[] mime)
    {
        try
        {
            await host.Mail.PublishKeyedAsync(Samples.Email(id, requestHash: "h"), mime, "last", Cancel);
            return true;
        }
        catch (NotDurableException)
        {
            return false;
        }
    }
}
