using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading.Channels;
using MailPace.Messaging.Bundles;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Publishing;

/// <summary>
/// Group commit for one partition. Specification:
/// <list type="bullet">
/// <item>JetStream syncs each stored message by itself; so all that waits goes into one message, a bundle.</item>
/// <item>One bundle is under way; the next one fills meanwhile. No timers: a lone item leaves at once, as a bundle of one.</item>
/// <item>Each item gets its own result, and only after the acknowledgement.</item>
/// <item>A bundle keeps its <c>Nats-Msg-Id</c> over all its tries: stored once, however often an acknowledgement gets lost.</item>
/// <item>What waits is bounded in bytes; beyond that an item fails at once: memory is no queue.</item>
/// <item>A refused bundle fails all its items with the server's reason; the next bundle is tried afresh.</item>
/// </list>
/// </summary>
public sealed partial class BundlePublisher : IAsyncDisposable
{
    private readonly string _subject;
    private readonly int _partition;
    private readonly PublishOptions _options;
    private readonly DurablePublish _publish;
    private readonly ILogger _logger;
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _publishing;
    private long _waitingBytes;

    internal BundlePublisher(INatsJSContext jetStream, string subject, int partition, PublishOptions options, TimeProvider time, ILogger logger)
    {
        _subject = subject;
        _partition = partition;
        _options = options;
        _publish = new DurablePublish(jetStream, options, time);
        _logger = logger;
        _publishing = Task.Run(PublishAsync);
    }

    /// <summary>Returns when the item is on disk.</summary>
    /// <exception cref="NotDurableException">It isn't, or it isn't known.</exception>
    public Task<StoredAt> PublishAsync(BundleItem item)
    {
        var waiting = new Waiting(item);
        if (Interlocked.Add(ref _waitingBytes, item.EncodedSize) > _options.MaxWaitingBytes && item.EncodedSize < _options.MaxWaitingBytes)
        {
            Interlocked.Add(ref _waitingBytes, -item.EncodedSize);
            return Task.FromException<StoredAt>(new NotDurableException($"More than {_options.MaxWaitingBytes} bytes wait for {_subject}."));
        }

        if (!_waiting.Writer.TryWrite(waiting))
        {
            Interlocked.Add(ref _waitingBytes, -item.EncodedSize);
            return Task.FromException<StoredAt>(new NotDurableException("The publisher has stopped."));
        }

        return waiting.Result.Task;
    }

    /// <summary>Publishes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _publishing;
    }

    private async Task PublishAsync()
    {
        var items = new BundleItem[Bundle.MaximumItems];
        var waiting = new Waiting[Bundle.MaximumItems];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var count = 0;
            var bytes = 0;
            while (count < Bundle.MaximumItems && _waiting.Reader.TryPeek(out var next)
                && (count == 0 || bytes + next.Item.EncodedSize <= Bundle.MaximumBytes))
            {
                _waiting.Reader.TryRead(out _);
                waiting[count] = next;
                items[count++] = next.Item;
                bytes += next.Item.EncodedSize;
            }

            await PublishBundleAsync(items.AsMemory(0, count), waiting.AsMemory(0, count));
            Interlocked.Add(ref _waitingBytes, -bytes);
            Array.Clear(items, 0, count);
            Array.Clear(waiting, 0, count);
        }
    }

    private async Task PublishBundleAsync(ReadOnlyMemory<BundleItem> items, ReadOnlyMemory<Waiting> waiting)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
            var answer = await _publish.SendOrThrowAsync(_subject, items, BundleSerializer.Instance, new NatsJSPubOpts { MsgId = id }, null);
            var stored = new StoredAt(_partition, (long)answer.Seq);
            foreach (var each in waiting.Span)
            {
                each.Result.TrySetResult(stored);
            }

            MessagingMetrics.BundleStored(_subject, items.Length, Stopwatch.GetElapsedTime(started));
        }
        catch (NotDurableException failure)
        {
            // Expected while JetStream is down or full: each caller answers 503 or 451.
            LogNotDurable(_logger, _subject, items.Length, failure.Message);
            MessagingMetrics.BundleRefused(_subject, items.Length);
            foreach (var each in waiting.Span)
            {
                each.Result.TrySetException(failure);
            }
        }
    }

    [LoggerMessage(MessagingEventIds.NotDurable, LogLevel.Error, "{Subject}: {Items} items could not be made durable: {Reason}")]
    private static partial void LogNotDurable(ILogger logger, string subject, int items, string reason);

    private sealed class Waiting(BundleItem item)
    {
        public BundleItem Item { get; } = item;

        public TaskCompletionSource<StoredAt> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
