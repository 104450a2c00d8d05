using System.Collections.Concurrent;
using System.Diagnostics;
using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Tests.Server;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Tests.Consuming;

public sealed class StreamConsumerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ManyMessages_HandlesEachOnceWithinTheBound()
    {
        await using var host = await MessagingHost.StartAsync();
        var handled = new ConcurrentBag<string>();
        var running = 0;
        var most = 0;
        await using var consumer = Start(host, async (message, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            handled.Add(message.Subject);
            Interlocked.Decrement(ref running);
            return JobOutcome.Done;
        });

        await PublishAsync(host, 500);
        await Wait.UntilAsync(() => handled.Count >= 500, "all are handled");
        await Wait.UntilAsync(async () => await PendingAsync(host) == 0, "all are acknowledged");

        Assert.Equal(500, handled.Distinct().Count());
        Assert.Equal(500, handled.Count);
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task Run_HandlerSlowerThanTheAckWait_KeepsItsMessageAndThoseThatWaitBehindIt()
    {
        await using var host = await MessagingHost.StartAsync(("Nats:AckWait", "00:00:01"));
        var release = new TaskCompletionSource();
        var deliveries = new ConcurrentBag<long>();
        await using var consumer = Start(host, async (message, _) =>
        {
            deliveries.Add(message.Deliveries);
            await release.Task;
            return JobOutcome.Done;
        });
        await PublishAsync(host, 6); // four run, two wait
        await Wait.UntilAsync(() => deliveries.Count == 4, "four run");
        var started = Stopwatch.GetTimestamp();
        await Wait.UntilAsync(() => Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(4), "several ack waits are over");

        release.SetResult();
        await Wait.UntilAsync(async () => await PendingAsync(host) == 0, "all are acknowledged");

        Assert.Equal([1, 1, 1, 1, 1, 1], deliveries);
    }

    [Fact]
    public async Task Run_RetryAfter_DeliversAgainAndSaysSo()
    {
        await using var host = await MessagingHost.StartAsync();
        var seen = new ConcurrentQueue<ConsumedMessage>();
        await using var consumer = Start(host, (message, _) =>
        {
            seen.Enqueue(message);
            return ValueTask.FromResult(message.Deliveries == 1 ? new JobOutcome.RetryAfter(TimeSpan.FromMilliseconds(50), "not now") : JobOutcome.Done);
        });
        await PublishAsync(host, 1);

        await Wait.UntilAsync(async () => seen.Count == 2 && await PendingAsync(host) == 0, "it is delivered again");

        Assert.Equal([1, 2], seen.Select(static message => message.Deliveries));
        Assert.True(seen.Last().MayBeRepeat);
    }

    [Fact]
    public async Task Run_Discard_BecomesADeadLetterWithPayloadAndReason()
    {
        await using var host = await MessagingHost.StartAsync();
        await using var consumer = Start(host, static (_, _) => ValueTask.FromResult<JobOutcome>(new JobOutcome.Discard("no\r\nsuch job")));
        await PublishAsync(host, 1);

        var dead = await DeadAsync(host);

        Assert.Equal("no such job".Replace(" ", "", StringComparison.Ordinal), dead.Headers!["MailPace-Reason"].ToString().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(Subjects.Deliver(1, 0), dead.Headers["MailPace-Subject"].ToString());
        Assert.Equal(new byte[] { 1 }, dead.Data);
        await Wait.UntilAsync(async () => await PendingAsync(host) == 0, "it is terminated");
    }

    [Fact]
    public async Task Run_HandlerThrowsEachTime_BecomesADeadLetterAfterTheLastDelivery()
    {
        await using var host = await MessagingHost.StartAsync();
        var tries = 0;
        await using var consumer = Start(
            host,
            (_, _) =>
            {
                Interlocked.Increment(ref tries);
                throw new InvalidOperationException("broken");
            },
            maxDeliveries: 2);
        await PublishAsync(host, 1);

        var dead = await DeadAsync(host);

        Assert.Equal("InvalidOperationException: broken", dead.Headers!["MailPace-Reason"].ToString());
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task Run_ServerKilledAndStreamDeleted_GoesOn()
    {
        await using var host = await MessagingHost.StartAsync();
        var handled = new ConcurrentDictionary<string, int>();
        await using var consumer = Start(host, (message, _) =>
        {
            handled.AddOrUpdate(message.Subject, 1, static (_, count) => count + 1);
            return ValueTask.FromResult(JobOutcome.Done);
        });
        await PublishAsync(host, 1);
        await Wait.UntilAsync(() => handled.Count == 1, "the first is handled");

        await host.Server.RestartAsync();
        await PublishAsync(host, 1, from: 100);
        await Wait.UntilAsync(() => handled.ContainsKey(Subjects.Deliver(100, 0)), "one is handled after the restart");

        await host.JetStream.DeleteStreamAsync(Streams.Jobs, Cancel);
        await Wait.UntilAsync(async () => await TryPublishAsync(host, 200), "JOBS is back");
        await Wait.UntilAsync(() => handled.ContainsKey(Subjects.Deliver(200, 0)), "one is handled after the deletion");
    }

    [Fact]
    public async Task Run_ServerForgetsAcknowledgementsByKill9_WhatComesAgainMayBeARepeat()
    {
        await using var host = await MessagingHost.StartAsync(("Nats:AckWait", "00:00:05")); // what was on its way at the kill comes after it
        var seen = new ConcurrentQueue<ConsumedMessage>();
        await using var consumer = Start(host, (message, _) =>
        {
            seen.Enqueue(message);
            return ValueTask.FromResult(JobOutcome.Done);
        });
        var publishing = Task.WhenAll(Enumerable.Range(1, 3000).Select(id => TryPublishAsync(host, id)));
        await Wait.UntilAsync(() => seen.Count >= 500, "many are handled");

        await host.Server.RestartAsync();
        await publishing;
        await PublishAsync(host, 1, from: 1000);
        await Wait.UntilAsync(() => seen.Any(static message => message.Subject == Subjects.Deliver(1000, 0)), "one is handled after the restart");
        await Wait.UntilAsync(async () => await PendingAsync(host) == 0, "all are acknowledged");

        var again = seen.GroupBy(static message => message.Subject).SelectMany(static copies => copies.Skip(1)).ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{again.Length} came again, {again.Count(static message => message.Deliveries == 1)} of them counted as a first delivery");
        Assert.All(again, static message => Assert.True(message.MayBeRepeat));
    }

    [Fact]
    public async Task Run_StreamMadeAgainWhileHandling_DoesNotAcknowledgeAnotherMessage()
    {
        await using var host = await MessagingHost.StartAsync();
        var release = new TaskCompletionSource();
        var handled = new ConcurrentQueue<string>();
        await using var consumer = Start(host, async (message, _) =>
        {
            handled.Enqueue(message.Subject);
            await release.Task;
            return JobOutcome.Done;
        });
        await PublishAsync(host, 1);
        await Wait.UntilAsync(() => handled.Count == 1, "the old one is in the handler");
        await host.JetStream.DeleteStreamAsync(Streams.Jobs, Cancel);
        await host.Topology.EnsureAsync(Cancel);
        await Wait.UntilAsync(async () => await TryPublishAsync(host, 2), "JOBS has another message of sequence 1");

        // The old one, of the same sequence, is held: the new one is ignored and must stay unacknowledged until redelivered.
        await Wait.UntilAsync(async () => await PendingAsync(host) == 1, "the new one waits");
        release.SetResult();
        await Wait.UntilAsync(() => consumer.HeldNothing, "the old one is finished");

        Assert.Equal(1, await PendingAsync(host));
    }

    [Fact]
    public async Task Run_ConsumerMadeAgainWhileNothingIsAskedOfIt_WhatComesAgainMayBeARepeat()
    {
        await using var host = await MessagingHost.StartAsync(("Nats:AckWait", "00:00:05"));
        var release = new TaskCompletionSource();
        var seen = new ConcurrentQueue<ConsumedMessage>();
        await using var consumer = Start(host, async (message, _) =>
        {
            seen.Enqueue(message);
            await release.Task;
            return JobOutcome.Done;
        });
        await PublishAsync(host, 6);
        await Wait.UntilAsync(async () => seen.Count == 4 && await AckPendingAsync(host) == 6, "four run, two wait, and there is no room to ask for more");
        await host.JetStream.DeleteConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, Cancel);
        await host.Topology.EnsureAsync(Cancel);

        release.SetResult();
        await Wait.UntilAsync(async () => await PendingAsync(host) == 0, "all are acknowledged");

        Assert.NotEmpty(seen.Skip(6));
        Assert.All(seen.Skip(6), static message => Assert.True(message.MayBeRepeat));
    }

    [Fact]
    public async Task Stop_HandlersRun_FinishesThemAndGivesBackWhatWaits()
    {
        await using var host = await MessagingHost.StartAsync();
        var release = new TaskCompletionSource();
        var finished = 0;
        var consumer = Start(host, async (_, _) =>
        {
            await release.Task;
            Interlocked.Increment(ref finished);
            return JobOutcome.Done;
        });
        await PublishAsync(host, 7);
        await Wait.UntilAsync(async () => await AckPendingAsync(host) >= 6, "four run, others wait");

        var stopping = consumer.StopAsync();
        release.SetResult();
        await stopping;

        Assert.Equal(4, finished);
        await Wait.UntilAsync(async () => await PendingAsync(host) == 3, "three are given back");
    }

    [Fact]
    public async Task Run_TraceParentInHeaders_IsTheParentOfTheHandlersActivity()
    {
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var listener = new ActivityListener { ShouldListenTo = static source => source.Name == "MailPace.Messaging", Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        await using var host = await MessagingHost.StartAsync();
        var traces = new ConcurrentBag<string?>();
        await using var consumer = Start(host, (message, _) =>
        {
            traces.Add(Activity.Current?.TraceId.ToHexString());
            return ValueTask.FromResult(JobOutcome.Done);
        });
        await host.JetStream.PublishAsync(Subjects.Deliver(1, 0), new byte[] { 1 }, headers: new NatsHeaders { ["traceparent"] = Parent }, cancellationToken: Cancel);

        await Wait.UntilAsync(() => !traces.IsEmpty, "it is handled");

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", Assert.Single(traces));
    }

    private static RunningConsumer Start(MessagingHost host, Func<ConsumedMessage, CancellationToken, ValueTask<JobOutcome>> handler, int maxDeliveries = 30)
    {
        var options = new StreamConsumerOptions { Stream = Streams.Jobs, Consumer = Streams.DeliverConsumer, Parallelism = 4, Prefetch = 2, MaxDeliveries = maxDeliveries };
        var nats = host.Get<Microsoft.Extensions.Options.IOptions<NatsOptions>>().Value;
        return new RunningConsumer(new StreamConsumer(host.JetStream, host.Get<RepeatHorizon>(), options, handler, nats, TimeProvider.System, NullLogger.Instance));
    }

    private static async Task PublishAsync(MessagingHost host, int count, int from = 1)
    {
        for (var id = from; id < from + count; id++)
        {
            await Wait.UntilAsync(() => TryPublishAsync(host, id), "a job is published");
        }
    }

    private static async Task<bool> TryPublishAsync(MessagingHost host, int id)
    {
        var result = await host.JetStream.TryPublishAsync(Subjects.Deliver(id, 0), new byte[] { 1 }, opts: new NatsJSPubOpts { MsgId = $"{id}" }, cancellationToken: Cancel);
        return result.Success && result.Value.Error is null;
    }

    /// <summary>What the consumer has still to see acknowledged.</summary>
    private static async Task<long> PendingAsync(MessagingHost host)
    {
        var info = (await host.JetStream.GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, Cancel)).Info;
        return (long)info.NumPending + info.NumAckPending;
    }

    private static async Task<long> AckPendingAsync(MessagingHost host) =>
        (await host.JetStream.GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, Cancel)).Info.NumAckPending;

    private static async Task<NatsMsg<byte[]>> DeadAsync(MessagingHost host)
    {
        var stream = await host.JetStream.GetStreamAsync(Streams.Dead, cancellationToken: Cancel);
        await Wait.UntilAsync(
            async () =>
            {
                await stream.RefreshAsync(Cancel);
                return stream.Info.State.Messages > 0;
            },
            "a dead letter is stored");
        return await stream.GetDirectAsync<byte[]>(new StreamMsgGetRequest { Seq = 1 }, cancellationToken: Cancel);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private sealed class RunningConsumer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly StreamConsumer _consumer;
        private readonly Task _running;

        public RunningConsumer(StreamConsumer consumer)
        {
            _consumer = consumer;
            _running = consumer.RunAsync(_stop.Token);
        }

        public bool HeldNothing => _consumer.HeldCount == 0;

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _consumer.Dispose();
            _stop.Dispose();
        }
    }
}
