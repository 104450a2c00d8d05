using System.Threading.Channels;
using MailPace.Contracts;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Record.Projecting;

/// <summary>
/// Reads one stream strictly in order, from a cursor on, by the durable consumer <c>record</c>. Specification:
/// <list type="bullet">
/// <item>Opening makes the consumer anew at the cursor: what another process held unacknowledged comes at once, not after its ack wait.</item>
/// <item>What the cursor has passed is acknowledged and dropped.</item>
/// <item>A sequence that comes too early is handed on only if the stream itself holds nothing in between (aged out or deleted), which is
/// reported. Otherwise the cursor would pass what was lost on the way here: the follower ends, and is opened again.</item>
/// <item>No heartbeat, no consumer, no stream: it ends with an exception and is opened again.</item>
/// </list>
/// </summary>
internal sealed partial class StreamFollower : IAsyncDisposable
{
    private readonly INatsJSContext jetStream;
    private readonly string stream;
    private readonly Channel<FollowedMessage> messages;
    private readonly CancellationTokenSource stopping;
    private readonly ILogger logger;
    private readonly Task pumping;
    private FollowedMessage? next;
    private long position;

    private StreamFollower(INatsJSContext jetStream, INatsJSConsumer consumer, string stream, long cursor, int prefetch, ILogger logger, CancellationToken cancellationToken)
    {
        this.jetStream = jetStream;
        this.stream = stream;
        this.logger = logger;
        position = cursor;
        messages = Channel.CreateBounded<FollowedMessage>(new BoundedChannelOptions(prefetch) { SingleReader = true, SingleWriter = true });
        stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        pumping = Task.Run(() => PumpAsync(consumer, prefetch), CancellationToken.None);
    }

    /// <summary>Messages that were fetched and wait to be read.</summary>
    public int Waiting => messages.Reader.Count;

    public static async Task<StreamFollower> OpenAsync(
        INatsJSContext jetStream, string stream, long cursor, int prefetch, ILogger logger, CancellationToken cancellationToken)
    {
        var consumer = await RecreateConsumerAsync(jetStream, stream, cursor, cancellationToken);
        return new StreamFollower(jetStream, consumer, stream, cursor, prefetch, logger, cancellationToken);
    }

    /// <summary>Waits for the next messages and answers as many as wait, until <paramref name="isFull"/> says that it's enough.</summary>
    public async Task<List<FollowedMessage>> ReadBatchAsync(Func<FollowedMessage, bool> isFull, CancellationToken cancellationToken)
    {
        var batch = new List<FollowedMessage>();
        try
        {
            while (true)
            {
                // What is there is taken; only the first one is waited for.
                if (next is null && !messages.Reader.TryRead(out next))
                {
                    if (batch.Count > 0)
                    {
                        return batch;
                    }

                    next = await messages.Reader.ReadAsync(cancellationToken);
                }

                if (next.Sequence <= position)
                {
                    await next.AckAsync(cancellationToken);
                    next.Dispose();
                    next = null;
                    continue;
                }

                if (next.Sequence > position + 1 && batch.Count > 0)
                {
                    return batch; // what was read before the hole is good; the next call looks into it
                }

                if (next.Sequence > position + 1)
                {
                    await ExamineHoleAsync(next.Sequence, cancellationToken);
                }

                var message = next;
                next = null;
                position = message.Sequence;
                batch.Add(message);
                if (isFull(message))
                {
                    return batch;
                }
            }
        }
        catch (ChannelClosedException closed)
        {
            throw new FollowerEndedException($"Reading {stream} was interrupted: {closed.InnerException?.Message}", closed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await pumping;
        next?.Dispose();
        while (messages.Reader.TryRead(out var left))
        {
            left.Dispose();
        }

        stopping.Dispose();
    }

    private static async Task<INatsJSConsumer> RecreateConsumerAsync(INatsJSContext jetStream, string stream, long cursor, CancellationToken cancellationToken)
    {
        var shape = (await jetStream.GetConsumerAsync(stream, Streams.RecordConsumer, cancellationToken)).Info.Config;
        shape.DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence;
        shape.OptStartSeq = (ulong)cursor + 1;
        await jetStream.DeleteConsumerAsync(stream, Streams.RecordConsumer, cancellationToken);
        try
        {
            return await jetStream.CreateOrUpdateConsumerAsync(stream, shape, cancellationToken);
        }
        catch (NatsJSApiException raced) when (raced.Error.Code == 400)
        {
            // The topology made it again between the two calls, from the stream's start: right, if slower.
            return await jetStream.GetConsumerAsync(stream, Streams.RecordConsumer, cancellationToken);
        }
    }

    private async Task ExamineHoleAsync(long sequence, CancellationToken cancellationToken)
    {
        var held = await jetStream.GetStreamAsync(stream, cancellationToken: cancellationToken);
        var following = await held.GetAsync(new StreamMsgGetRequest { Seq = (ulong)position + 1, NextBySubj = ">" }, cancellationToken);
        if ((long)following.Message.Seq < sequence)
        {
            throw new FollowerEndedException($"{stream} skipped from {position} to {sequence}.");
        }

        LogGap(stream, position + 1, sequence - 1);
    }

    private async Task PumpAsync(INatsJSConsumer consumer, int prefetch)
    {
        try
        {
            using var silent = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            var options = new NatsJSConsumeOpts
            {
                MaxMsgs = prefetch,
                Expires = TimeSpan.FromSeconds(10),
                IdleHeartbeat = TimeSpan.FromSeconds(2),
                NotificationHandler = async (notification, _) =>
                {
                    if (notification is NatsJSTimeoutNotification)
                    {
                        await silent.CancelAsync();
                    }
                },
            };
            await foreach (var message in consumer.ConsumeAsync<NatsMemoryOwner<byte>>(opts: options, cancellationToken: silent.Token))
            {
                await messages.Writer.WriteAsync(new FollowedMessage(message), silent.Token);
            }

            messages.Writer.TryComplete(new TimeoutException("the server is silent"));
        }
        catch (Exception failure)
        {
            // Not hidden: the reader's next read throws it. Were it not passed on, that read would wait for ever.
            messages.Writer.TryComplete(failure);
        }
    }

    [LoggerMessage(EventIds.StreamGap, LogLevel.Error, "{Stream} no longer holds {From} to {To}, which history has not seen: their emails or events are missing there")]
    private partial void LogGap(string stream, long from, long to);
}
