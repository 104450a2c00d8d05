using System.Collections.Concurrent;
using System.Globalization;
using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Consuming;

/// <summary>
/// Drives a handler from a durable pull consumer. Specification:
/// <list type="bullet">
/// <item>At most <see cref="StreamConsumerOptions.Parallelism"/> handlers run; what is prefetched waits in memory, unacknowledged.</item>
/// <item>The outcome becomes an acknowledgement, a nak with delay, or a dead letter with its reason and then a termination.</item>
/// <item>An exception is caught here, once: logged, transient, and after <see cref="StreamConsumerOptions.MaxDeliveries"/> a dead letter.</item>
/// <item>While handlers run, the server hears of progress each third of the ack wait, so that nothing is given to another meanwhile.</item>
/// <item>When the server, the stream or the consumer vanishes, it tries again until they are back.</item>
/// <item>On stop it takes nothing new, lets the handlers finish for the drain time, and leaves the rest to be redelivered.</item>
/// </list>
/// </summary>
public sealed partial class StreamConsumer(
    INatsJSContext jetStream,
    StreamConsumerOptions options,
    Func<ConsumedMessage, CancellationToken, ValueTask<JobOutcome>> handler,
    NatsOptions nats,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<ulong, INatsJSMsg<NatsMemoryOwner<byte>>> _inFlight = new();
    private readonly SemaphoreSlim _slots = new(options.Parallelism);

    /// <summary>Runs until <paramref name="stoppingToken"/> is cancelled and what was in flight has finished.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        using var progress = new CancellationTokenSource();
        var reporting = ReportProgressAsync(progress.Token);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(abort.Token, stoppingToken);
            }
            catch (Exception failure) when (failure is NatsException or IOException or TimeoutException or OperationCanceledException)
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    LogInterrupted(options.Stream, options.Consumer, failure.Message);
                    await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        await DrainAsync(abort);
        await progress.CancelAsync();
        await reporting;
    }

    public void Dispose() => _slots.Dispose();

    private async Task ConsumeAsync(CancellationToken abort, CancellationToken stoppingToken)
    {
        var consumer = await jetStream.GetConsumerAsync(options.Stream, options.Consumer, stoppingToken);
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var consumeOptions = new NatsJSConsumeOpts
        {
            MaxMsgs = options.Prefetch,
            Expires = TimeSpan.FromSeconds(10),
            IdleHeartbeat = TimeSpan.FromSeconds(2),
            NotificationHandler = async (notification, _) =>
            {
                // No heartbeat: the server, the stream or the consumer is gone. Asking for the consumer anew tells which.
                if (notification is NatsJSTimeoutNotification)
                {
                    await interruption.CancelAsync();
                }
            },
        };
        await foreach (var message in consumer.ConsumeAsync<NatsMemoryOwner<byte>>(opts: consumeOptions, cancellationToken: interruption.Token))
        {
            var received = time.GetTimestamp();
            _inFlight[message.Metadata!.Value.Sequence.Stream] = message;
            try
            {
                await _slots.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                _inFlight.TryRemove(message.Metadata!.Value.Sequence.Stream, out _);
                throw;
            }

            _ = HandleAsync(message, received, abort);
        }
    }

    /// <summary>Never throws: it's the end of the line for what a handler throws.</summary>
    private async Task HandleAsync(INatsJSMsg<NatsMemoryOwner<byte>> message, long received, CancellationToken abort)
    {
        await Task.Yield();
        var metadata = message.Metadata!.Value;
        try
        {
            using var data = message.Data;
            var consumed = new ConsumedMessage(message.Subject, data.Memory, message.Headers, (long)metadata.Sequence.Stream, (long)metadata.NumDelivered, received);
            JobOutcome outcome;
            try
            {
                outcome = await handler(consumed, abort);
            }
            catch (NotDurableException failure)
            {
                outcome = new JobOutcome.RetryAfter(TimeSpan.FromSeconds(1), failure.Message);
            }
            catch (Exception failure) when (!abort.IsCancellationRequested)
            {
                LogHandlerFailed(failure, options.Consumer, message.Subject, consumed.Deliveries);
                outcome = consumed.Deliveries >= options.MaxDeliveries
                    ? new JobOutcome.Discard($"{failure.GetType().Name}: {failure.Message}")
                    : new JobOutcome.RetryAfter(TimeSpan.FromSeconds(Math.Min(60, consumed.Deliveries * consumed.Deliveries)), failure.Message);
            }

            await AnswerAsync(message, consumed, outcome);
        }
        catch (Exception failure) when (failure is NatsException or OperationCanceledException or IOException)
        {
            // The answer didn't get through: the message will be redelivered.
            LogInterrupted(options.Stream, options.Consumer, failure.Message);
        }
        finally
        {
            _inFlight.TryRemove(metadata.Sequence.Stream, out _);
            _slots.Release();
        }
    }

    private async ValueTask AnswerAsync(INatsJSMsg<NatsMemoryOwner<byte>> message, ConsumedMessage consumed, JobOutcome outcome)
    {
        switch (outcome)
        {
            case JobOutcome.Completed:
                MessagingMetrics.Consumed(options.Consumer, "completed");
                await message.AckAsync();
                break;
            case JobOutcome.RetryAfter retry:
                MessagingMetrics.Consumed(options.Consumer, "retry");
                LogRetry(options.Consumer, message.Subject, retry.Delay, retry.Reason);
                await message.NakAsync(new AckOpts { NakDelay = retry.Delay });
                break;
            case JobOutcome.Discard discard:
                MessagingMetrics.Consumed(options.Consumer, "dead");
                await DeadLetterAsync(message, consumed, discard.Reason);
                break;
        }
    }

    private async ValueTask DeadLetterAsync(INatsJSMsg<NatsMemoryOwner<byte>> message, ConsumedMessage consumed, string reason)
    {
        LogDead(options.Consumer, message.Subject, reason);
        var headers = new NatsHeaders
        {
            ["MailPace-Reason"] = new string([.. reason.Where(static c => c is >= ' ' and <= '~')]),
            ["MailPace-Subject"] = message.Subject,
            ["MailPace-Consumer"] = options.Consumer,
            ["MailPace-Sequence"] = consumed.Sequence.ToString(CultureInfo.InvariantCulture),
        };
        var stored = await jetStream.PublishAsync(
            Subjects.Dead(options.Stream),
            consumed.Data,
            NatsRawSerializer<ReadOnlyMemory<byte>>.Default,
            new NatsJSPubOpts { MsgId = string.Create(CultureInfo.InvariantCulture, $"{options.Stream}.{options.Consumer}.{consumed.Sequence}") },
            headers);
        if (stored.Error is not null)
        {
            LogDeadLetterFailed(message.Subject, stored.Error.Description ?? "no reason given");
            await message.NakAsync(new AckOpts { NakDelay = TimeSpan.FromSeconds(30) });
            return;
        }

        await message.AckTerminateAsync();
    }

    private async Task ReportProgressAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(nats.AckWait / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var message in _inFlight.Values)
                {
                    await message.AckProgressAsync(cancellationToken: cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The consumer has drained.
        }
        catch (NatsException failure)
        {
            LogInterrupted(options.Stream, options.Consumer, failure.Message);
        }
    }

    private async Task DrainAsync(CancellationTokenSource abort)
    {
        using var limit = new CancellationTokenSource(options.DrainTimeout, time);
        try
        {
            for (var free = 0; free < options.Parallelism; free++)
            {
                await _slots.WaitAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            LogDrainTimedOut(options.Consumer, _inFlight.Count);
            await abort.CancelAsync();
        }
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
}
