using System.Collections.Concurrent;
using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Tests.Server;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Messaging.Tests.Consuming;

/// <summary>What of a stream may have been handled before though it comes for the first time. On MAIL: a kill takes none of its messages.</summary>
public sealed class RepeatHorizonTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FreshStart_NothingIsARepeat()
    {
        await using var host = await MessagingHost.StartAsync();
        await PublishAsync(host, 1, 20);

        var seen = await ConsumeAsync(host, 20);

        Assert.All(seen, static message => Assert.False(message.MayBeRepeat));
    }

    [Fact]
    public async Task ProcessStartedAgainOnTheSameServer_WhatWaitedIsNoRepeat()
    {
        var former = await MessagingHost.StartAsync();
        await PublishAsync(former, 1, 20);
        var server = await former.LeaveServerAsync();

        await using var host = await MessagingHost.StartAsync(server);
        var seen = await ConsumeAsync(host, 20);

        Assert.All(seen, static message => Assert.False(message.MayBeRepeat));
    }

    [Fact]
    public async Task ServerKilled_WhatItHeldMayBeARepeatAndWhatCameLaterNot()
    {
        await using var host = await MessagingHost.StartAsync();
        await PublishAsync(host, 1, 20);

        await host.Server.RestartAsync();
        await host.JetStream.Connection.PingAsync(Cancel);
        await host.Topology.EnsureAsync(Cancel);
        await PublishAsync(host, 21, 20);
        var seen = await ConsumeAsync(host, 40);

        Assert.All(seen, static message => Assert.Equal(message.Sequence <= 20, message.MayBeRepeat));
        Assert.All(seen, static message => Assert.Equal(1, message.Deliveries));
    }

    [Fact]
    public async Task ServerKilledUnderARunningConsumer_IsKnownBeforeAnythingOfTheNewConnectionIsJudged()
    {
        await using var host = await MessagingHost.StartAsync(("Nats:AckWait", "00:00:05")); // what was on its way at the kill comes after it
        using var running = new CancellationTokenSource();
        var seen = new ConcurrentQueue<ConsumedMessage>();
        var killed = new TaskCompletionSource();
        var consuming = RunAsync(host, seen.Enqueue, running.Token, before: killed.Task);
        await PublishAsync(host, 1, 40); // four are held by handlers, two wait, the others are with the server

        await host.Server.RestartAsync();
        killed.SetResult();
        await Wait.UntilAsync(() => seen.Select(static message => message.Sequence).Distinct().Count() == 40, "all are handled");
        await running.CancelAsync();
        await consuming;

        Assert.All(seen.Where(static message => message.Sequence > 6), static message => Assert.True(message.MayBeRepeat));
    }

    [Fact]
    public async Task ConsumerMadeAgain_WhatTheStreamHeldMayBeARepeat()
    {
        await using var host = await MessagingHost.StartAsync();
        await host.Mail.PublishAsync(Samples.Email(1), Samples.Mime);
        await host.JetStream.DeleteConsumerAsync(Streams.Mail(0), Streams.SignConsumer, Cancel);
        await host.Topology.EnsureAsync(Cancel);
        await host.Mail.PublishAsync(Samples.Email(2), Samples.Mime);

        var seen = await ConsumeAsync(host, 2);

        Assert.Equal([true, false], seen.OrderBy(static message => message.Sequence).Select(static message => message.MayBeRepeat));
    }

    [Fact]
    public async Task StreamMadeAgain_StartsAnew()
    {
        await using var host = await MessagingHost.StartAsync();
        await PublishAsync(host, 1, 20, static id => Subjects.Deliver(id, 0));
        await host.Server.RestartAsync();
        await host.JetStream.Connection.PingAsync(Cancel);
        await host.Topology.EnsureAsync(Cancel);

        await host.JetStream.DeleteStreamAsync(Streams.Jobs, Cancel);
        await host.Topology.EnsureAsync(Cancel);
        await PublishAsync(host, 1, 5, static id => Subjects.Deliver(id, 0));
        var seen = await ConsumeAsync(host, 5, Streams.Jobs, Streams.DeliverConsumer);

        Assert.All(seen, static message => Assert.False(message.MayBeRepeat));
    }

    [Fact]
    public async Task ManyStarts_KeepsTheNewestFew()
    {
        await using var host = await MessagingHost.StartAsync();
        var store = await new NatsKVContext(host.JetStream).GetStoreAsync(Streams.Counters, Cancel);
        var horizon = host.Get<RepeatHorizon>();
        var made = TimeProvider.System.GetUtcNow();

        for (var i = 0; i < RepeatHorizon.Kept + 5; i++)
        {
            await horizon.FindAsync(Streams.Jobs, Streams.DeliverConsumer, made.AddSeconds(i), Cancel);
        }

        var text = (await store.GetEntryAsync<string>(RepeatHorizon.Key(Streams.Jobs, Streams.DeliverConsumer), cancellationToken: Cancel)).Value!;
        var kept = System.Text.Json.JsonSerializer.Deserialize(text, SeenConsumersJsonContext.Default.SeenConsumerArray)!;
        Assert.Equal(RepeatHorizon.Kept, kept.Length);
        Assert.Equal(made.AddSeconds(RepeatHorizon.Kept + 4), kept[0].Created);
    }

    [Fact]
    public async Task ManyProcessesAtOnce_AgreeOnOneHorizon()
    {
        await using var host = await MessagingHost.StartAsync();
        var made = TimeProvider.System.GetUtcNow();
        await PublishAsync(host, 1, 1, static id => Subjects.Deliver(id, 0));

        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using var horizon = new RepeatHorizon(host.JetStream);
            var sequence = await horizon.FindAsync(Streams.Jobs, Streams.DeliverConsumer, made, Cancel);
            await PublishAsync(host, 100 + i, 1, static id => Subjects.Deliver(id, 0));
            return sequence;
        }));

        Assert.Single(found.Distinct());
    }

    private static async Task<ConsumedMessage[]> ConsumeAsync(MessagingHost host, int count, string? stream = null, string consumer = Streams.SignConsumer)
    {
        using var running = new CancellationTokenSource();
        var seen = new ConcurrentQueue<ConsumedMessage>();
        var consuming = RunAsync(host, seen.Enqueue, running.Token, stream, consumer);
        await Wait.UntilAsync(() => seen.Count >= count, "all are handled");
        await running.CancelAsync();
        await consuming;
        return [.. seen];
    }

    private static async Task RunAsync(
        MessagingHost host, Action<ConsumedMessage> see, CancellationToken stop, string? stream = null, string name = Streams.SignConsumer, Task? before = null)
    {
        var options = new StreamConsumerOptions { Stream = stream ?? Streams.Mail(0), Consumer = name, Parallelism = 4, Prefetch = 2 };
        using var consumer = new StreamConsumer(
            host.JetStream,
            host.Get<RepeatHorizon>(),
            options,
            async (message, _) =>
            {
                await (before ?? Task.CompletedTask);
                see(message);
                return JobOutcome.Done;
            },
            host.Get<IOptions<NatsOptions>>().Value,
            TimeProvider.System,
            NullLogger.Instance);
        await consumer.RunAsync(stop);
    }

    private static async Task PublishAsync(MessagingHost host, int from, int count, Func<int, string>? subject = null)
    {
        for (var id = from; id < from + count; id++)
        {
            (await host.JetStream.PublishAsync(subject?.Invoke(id) ?? Subjects.Mail(0), new byte[] { 1 }, cancellationToken: Cancel)).EnsureSuccess();
        }
    }
}
