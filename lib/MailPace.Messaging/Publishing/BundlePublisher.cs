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
/// <item>What waits is bounded in bytes, and each item in time (<see cref="PublishOptions.Deadline"/>): beyond that it fails at once.
/// Memory is no queue, and a client that has given up gains nothing from being stored late. An email with an idempotency key, which
/// shares no bundle, counts as long as it's being stored.</item>
/// <item>A refused bundle fails all its items with the server's reason; the next bundle is tried afresh.</item>
/// <item>When no acknowledgement came in time, it isn't known whether the bundle is stored. Its items fail: nobody was told that they are
/// accepted. If it is stored after all, those emails are sent, and a client that hands its email in again sends a second one,
/// unless it carries an idempotency key.</item>
/// </list>
/// </summary>
public sealed partial class BundlePublisher : IAsyncDisposable
{
    private readonly string _subject;
    private readonly int _partition;
    private readonly PublishOptions _options;
    private readonly DurablePublish _publish;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _publishing;
    private long _waitingBytes;

    internal BundlePublisher(INatsJSContext jetStream, string subject, int partition, PublishOptions options, PublishHealth health, TimeProvider time, ILogger logger)
    {
        _subject = subject;
        _partition = partition;
        _options = options;
        _publish = new DurablePublish(jetStream, options, health, time);
        _time = time;
        _logger = logger;
        _publishing = Task.Run(PublishAsync);
    }

    /// <summary>Returns when the item is on disk.</summary>
    /// <exception cref="NotDurableException">It isn't, or it isn't known.</exception>
    public Task<StoredAt> PublishAsync(BundleItem item)
    {
        var waiting = new Waiting(item, _time.GetTimestamp());
        if (!TryReserve(item.EncodedSize))
        {
            return Task.FromException<StoredAt>(Full());
        }

        if (!_waiting.Writer.TryWrite(waiting))
        {
            Release(item.EncodedSize);
            return Task.FromException<StoredAt>(new NotDurableException("The publisher has stopped."));
        }

        MessagingMetrics.Waits(_subject, 1);
        return waiting.Result.Task;
    }

    /// <summary>Counts among what waits here something that goes past the bundles, until the result is disposed of.</summary>
    /// <exception cref="NotDurableException">So much waits that it has no room.</exception>
    internal IDisposable Reserve(int bytes) => TryReserve(bytes) ? new Reservation(this, bytes) : throw Full();

    /// <summary>Publishes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _publishing;
    }

    private bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _waitingBytes, bytes) <= _options.MaxWaitingBytes || bytes >= _options.MaxWaitingBytes)
        {
            return true;
        }

        Release(bytes);
        MessagingMetrics.BundleRefused(_subject, 1);
        return false;
    }

    private void Release(int bytes) => Interlocked.Add(ref _waitingBytes, -bytes);

    private NotDurableException Full() => new($"More than {_options.MaxWaitingBytes} bytes wait for {_subject}.");

    private async Task PublishAsync()
    {
        var items = new BundleItem[Bundle.MaximumItems];
        var waiting = new Waiting[Bundle.MaximumItems];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var count = Fill(items, waiting);
            if (count > 0)
            {
                await PublishBundleAsync(items.AsMemory(0, count), waiting.AsMemory(0, count));
            }

            Array.Clear(items, 0, count);
            Array.Clear(waiting, 0, count);
        }
    }

    /// <summary>Takes what waits, up to the limits of a bundle; one item always fits.</summary>
    private int Fill(BundleItem[] items, Waiting[] waiting)
    {
        var count = 0;
        var bytes = Bundle.HeaderBytes;
        while (count < Bundle.MaximumItems && _waiting.Reader.TryPeek(out var next)
            && (count == 0 || bytes + next.Item.EncodedSize <= Bundle.MaximumBytes))
        {
            _waiting.Reader.TryRead(out _);
            Release(next.Item.EncodedSize);
            MessagingMetrics.Waits(_subject, -1);
            if (_time.GetElapsedTime(next.Since) > _options.Deadline)
            {
                MessagingMetrics.BundleRefused(_subject, 1);
                next.Result.TrySetException(new NotDurableException($"It waited longer than {_options.Deadline.TotalSeconds:0.#} s for its turn on {_subject}."));
                continue;
            }

            waiting[count] = next;
            items[count++] = next.Item;
            bytes += next.Item.EncodedSize;
        }

        return count;
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
        catch (Exception failure)
        {
            // Expected while JetStream is down or full: each caller answers 503 or 451. And whatever else it is, it fails
            // these items and not the publisher: the next bundle is tried.
            LogNotDurable(_logger, _subject, items.Length, failure.Message);
            MessagingMetrics.BundleRefused(_subject, items.Length);
            var reason = failure as NotDurableException ?? new NotDurableException(failure.Message, failure);
            foreach (var each in waiting.Span)
            {
                each.Result.TrySetException(reason);
            }
        }
    }

    [LoggerMessage(MessagingEventIds.NotDurable, LogLevel.Error, "{Subject}: {Items} items could not be made durable: {Reason}")]
    private static partial void LogNotDurable(ILogger logger, string subject, int items, string reason);

    private sealed class Reservation(BundlePublisher owner, int bytes) : IDisposable
    {
        public void Dispose() => owner.Release(bytes);
    }

    private sealed class Waiting(BundleItem item, long since)
    {
        public long Since { get; } = since;

        public BundleItem Item { get; } = item;

        public TaskCompletionSource<StoredAt> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
