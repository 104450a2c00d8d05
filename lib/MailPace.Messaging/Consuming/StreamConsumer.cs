using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Consuming;

/// <summary>
/// Drives a handler from a durable pull consumer. Specification:
/// <list type="bullet">
/// <item>At most <see cref="StreamConsumerOptions.Parallelism"/> handlers run; at most <see cref="StreamConsumerOptions.Prefetch"/> more messages wait here.</item>
/// <item>All that it holds, running or waiting, is reported as in progress each third of the ack wait; so nothing that it holds is
/// given to another. Should the server do so nevertheless, the second copy is ignored while the first is held.</item>
/// <item>The outcome becomes an acknowledgement, a nak with delay, or a dead letter with its reason and then a termination.</item>
/// <item>An exception is caught here, once: logged, transient, and after <see cref="StreamConsumerOptions.MaxDeliveries"/> a dead letter.</item>
/// <item>When the server, the stream or the consumer vanishes, it tries again until they are back. What it holds of a consumer that
/// was made again meanwhile is finished, but not answered; and what it gets of the new one is judged by the new one's horizon.</item>
/// <item>On stop it takes nothing new, naks what no handler has begun, lets the handlers finish for the drain time, then cancels them.</item>
/// </list>
/// </summary>
public sealed partial class StreamConsumer(
    INatsJSContext jetStream,
    RepeatHorizon horizon,
    StreamConsumerOptions options,
    Func<ConsumedMessage, CancellationToken, ValueTask<JobOutcome>> handler,
    NatsOptions nats,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleHeartbeat = TimeSpan.FromSeconds(1);

    /// <summary>Messages that are on their way when the stop comes get so long to arrive, to be nak'd instead of forgotten.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<ulong, HeldMessage> _held = new();
    private readonly Channel<HeldMessage> _waiting = Channel.CreateUnbounded<HeldMessage>();
    private readonly SemaphoreSlim _room = new(0, 1);
    private readonly DeadLetters _deadLetters = new(jetStream, options);
    private DateTimeOffset _consumerCreated;

    internal int HeldCount => _held.Count;

    /// <summary>Runs until <paramref name="stoppingToken"/> is cancelled and what was in flight has finished.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        using var progress = new CancellationTokenSource();
        var reporting = ReportProgressAsync(progress.Token);
        var workers = Task.WhenAll(Enumerable.Range(0, options.Parallelism).Select(_ => Task.Run(() => WorkAsync(abort.Token, stoppingToken), CancellationToken.None)));
        await PullUntilStoppedAsync(stoppingToken);
        _waiting.Writer.Complete();
        await DrainAsync(workers, abort);
        await progress.CancelAsync();
        await reporting;
    }

    public void Dispose() => _room.Dispose();

    private async Task PullUntilStoppedAsync(CancellationToken stoppingToken)
    {
        using var pulling = new CancellationTokenSource();
        await using var onStop = stoppingToken.Register(() => pulling.CancelAfter(StopGrace));
        var isInterrupted = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            string reason;
            try
            {
                reason = await PullAsync(() => isInterrupted = false, pulling.Token, stoppingToken);
            }
            catch (Exception failure) when (failure is NatsException or IOException or TimeoutException or OperationCanceledException)
            {
                reason = failure.Message;
            }

            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            if (!isInterrupted)
            {
                isInterrupted = true; // once per interruption, not once per try
                LogInterrupted(options.Stream, options.Consumer, reason);
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Why it ended.</returns>
    private async Task<string> PullAsync(Action works, CancellationToken pulling, CancellationToken stoppingToken)
    {
        var consumer = await jetStream.GetConsumerAsync(options.Stream, options.Consumer, stoppingToken);
        _consumerCreated = consumer.Info.Created;
        var delivered = consumer.Info.Delivered.ConsumerSeq;
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitForRoomAsync(stoppingToken);
            var started = time.GetTimestamp();
            var fetch = new NatsJSFetchOpts { MaxMsgs = Room, Expires = Expires, IdleHeartbeat = IdleHeartbeat };
            var count = 0;
            await foreach (var message in consumer.FetchAsync<NatsMemoryOwner<byte>>(fetch, cancellationToken: pulling))
            {
                count++;
                var delivery = message.Metadata!.Value.Sequence.Consumer;
                if (delivery <= delivered)
                {
                    // Deliveries are counted from one in each consumer: it was made again while nothing was asked of it, so nothing broke.
                    await GiveBackAsync(message);
                    return "the consumer was made again";
                }

                delivered = delivery;
                Take(message, consumer.Info.Created);
            }

            if (count == 0 && time.GetElapsedTime(started) < Expires / 2)
            {
                // No message and no waiting either: nobody answers there. Asking for the consumer anew tells what is gone.
                return "the pull ended early";
            }

            works();
        }

        return "stopped";
    }

    private static async Task GiveBackAsync(INatsJSMsg<NatsMemoryOwner<byte>> message)
    {
        await message.NakAsync();
        message.Data.Dispose();
    }

    private int Room => options.Parallelism + options.Prefetch - _held.Count;

    private async Task WaitForRoomAsync(CancellationToken stoppingToken)
    {
        // Not for each single place: a pull costs a round trip, so it waits until several are worth one.
        var worth = Math.Max(1, options.Prefetch / 2);
        while (Room < worth)
        {
            await _room.WaitAsync(stoppingToken);
        }
    }

    private void Take(INatsJSMsg<NatsMemoryOwner<byte>> message, DateTimeOffset consumerCreated)
    {
        var held = new HeldMessage(message, message.Metadata!.Value, consumerCreated, time.GetTimestamp());
        if (!_held.TryAdd(held.Sequence, held))
        {
            MessagingMetrics.Consumed(options.Consumer, "ignored");
            message.Data.Dispose();
            return;
        }

        _waiting.Writer.TryWrite(held);
    }

    private async Task WorkAsync(CancellationToken abort, CancellationToken stoppingToken)
    {
        await foreach (var held in _waiting.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                var outcome = stoppingToken.IsCancellationRequested
                    ? new JobOutcome.RetryAfter(TimeSpan.Zero, "this process stops")
                    : await HandleAsync(held, abort);
                await AnswerAsync(held, outcome);
            }
            catch (Exception failure)
            {
                // The answer didn't get through: the message will be redelivered. A worker must outlive that.
                LogInterrupted(options.Stream, options.Consumer, failure.Message);
            }
            finally
            {
                held.Message.Data.Dispose();
                _held.TryRemove(held.Sequence, out _);
                ReleaseRoom();
            }
        }
    }

    private void ReleaseRoom()
    {
        try
        {
            _room.Release();
        }
        catch (SemaphoreFullException)
        {
            // It's a signal, not a count: one that is set already says the same.
        }
    }

    private async ValueTask<JobOutcome> HandleAsync(HeldMessage held, CancellationToken abort)
    {
        var message = held.Message;
        var deliveries = (long)held.Metadata.NumDelivered;
        using var activity = MessagingMetrics.Activities.StartActivity(options.Consumer, ActivityKind.Consumer, ParentOf(message.Headers));
        try
        {
            var mayBeRepeat = deliveries > 1 || await IsBelowHorizonAsync(held, abort);
            var consumed = new ConsumedMessage(message.Subject, message.Data.Memory, message.Headers, (long)held.Sequence, deliveries, held.ReceivedTimestamp, mayBeRepeat);
            return await handler(consumed, abort);
        }
        catch (NotDurableException failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
            return new JobOutcome.RetryAfter(TimeSpan.FromSeconds(1), failure.Message);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return new JobOutcome.RetryAfter(TimeSpan.Zero, "this process stops");
        }
        catch (Exception failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
            LogHandlerFailed(failure, options.Consumer, message.Subject, deliveries);
            return deliveries >= options.MaxDeliveries
                ? new JobOutcome.Discard($"{failure.GetType().Name}: {failure.Message}")
                : new JobOutcome.RetryAfter(TimeSpan.FromSeconds(Math.Min(300, deliveries * deliveries)), failure.Message);
        }
    }

    private async ValueTask<bool> IsBelowHorizonAsync(HeldMessage held, CancellationToken abort)
    {
        try
        {
            return (long)held.Sequence <= await horizon.FindAsync(options.Stream, options.Consumer, held.ConsumerCreated, abort);
        }
        catch (NatsException failure)
        {
            LogInterrupted(options.Stream, options.Consumer, failure.Message);
            return true; // what isn't known may be
        }
    }

    private static ActivityContext ParentOf(NatsHeaders? headers) =>
        headers is not null && headers.TryGetValue("traceparent", out var parent) && ActivityContext.TryParse(parent, null, true, out var context)
            ? context
            : default;

    private async ValueTask AnswerAsync(HeldMessage held, JobOutcome outcome)
    {
        if (held.ConsumerCreated != _consumerCreated)
        {
            MessagingMetrics.Consumed(options.Consumer, "orphaned");
            LogOrphaned(options.Stream, options.Consumer, held.Message.Subject);
            return;
        }

        switch (outcome)
        {
            case JobOutcome.Completed:
                MessagingMetrics.Consumed(options.Consumer, "completed");
                await held.Message.AckAsync();
                break;
            case JobOutcome.RetryAfter retry:
                MessagingMetrics.Consumed(options.Consumer, "retry");
                LogRetry(options.Consumer, held.Message.Subject, retry.Delay, retry.Reason);
                await held.Message.NakAsync(new AckOpts { NakDelay = retry.Delay });
                break;
            case JobOutcome.Discard discard:
                LogDead(options.Consumer, held.Message.Subject, discard.Reason);
                await BuryAsync(held, discard.Reason);
                break;
        }
    }

    private async ValueTask BuryAsync(HeldMessage held, string reason)
    {
        if (await _deadLetters.TryStoreAsync(held, reason) is { } failure)
        {
            MessagingMetrics.Consumed(options.Consumer, "retry");
            LogDeadLetterFailed(held.Message.Subject, failure);
            await held.Message.NakAsync(new AckOpts { NakDelay = TimeSpan.FromSeconds(30) });
            return;
        }

        MessagingMetrics.Consumed(options.Consumer, "dead");
        await held.Message.AckTerminateAsync();
    }

    private async Task ReportProgressAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(nats.AckWait / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await ReportOnceAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The consumer has drained.
        }
    }

    private async Task ReportOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var held in _held.Values)
            {
                if (held.ConsumerCreated == _consumerCreated)
                {
                    await held.Message.AckProgressAsync(cancellationToken: cancellationToken);
                }
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Also a timeout of the client's own, which is no NatsException: without the next tick all that is held would be given to others.
            LogInterrupted(options.Stream, options.Consumer, failure.Message);
        }
    }

    private async Task DrainAsync(Task workers, CancellationTokenSource abort)
    {
        try
        {
            await workers.WaitAsync(options.DrainTimeout, time);
            return;
        }
        catch (TimeoutException)
        {
            LogDrainTimedOut(options.Consumer, _held.Count);
            await abort.CancelAsync();
        }

        // A handler that doesn't heed its cancellation can't keep the process.
        await Task.WhenAny(workers, Task.Delay(options.DrainTimeout, time));
    }

    [LoggerMessage(MessagingEventIds.ConsumerInterrupted, LogLevel.Warning, "{Stream}/{Consumer} is interrupted and goes on when it can: {Reason}")]
    private partial void LogInterrupted(string stream, string consumer, string reason);

    [LoggerMessage(MessagingEventIds.HandlerFailed, LogLevel.Error, "{Consumer} failed on {Subject} (delivery {Deliveries})")]
    private partial void LogHandlerFailed(Exception failure, string consumer, string subject, long deliveries);

    [LoggerMessage(MessagingEventIds.RetryLater, LogLevel.Information, "{Consumer} takes {Subject} again in {Delay}: {Reason}")]
    private partial void LogRetry(string consumer, string subject, TimeSpan delay, string reason);

    [LoggerMessage(MessagingEventIds.DeadLettered, LogLevel.Error, "{Consumer} can't take {Subject}, it goes to the dead letters: {Reason}")]
    private partial void LogDead(string consumer, string subject, string reason);

    [LoggerMessage(MessagingEventIds.DeadLetterFailed, LogLevel.Error, "No dead letter could be stored for {Subject}: {Reason}")]
    private partial void LogDeadLetterFailed(string subject, string reason);

    [LoggerMessage(MessagingEventIds.DrainTimedOut, LogLevel.Warning, "{Consumer} stops with {InFlight} messages in flight; they are redelivered")]
    private partial void LogDrainTimedOut(string consumer, int inFlight);

    [LoggerMessage(MessagingEventIds.Orphaned, LogLevel.Warning, "{Stream}/{Consumer} was made again while {Subject} was handled: it's not acknowledged there")]
    private partial void LogOrphaned(string stream, string consumer, string subject);
}
