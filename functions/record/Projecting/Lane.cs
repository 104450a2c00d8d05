using System.Diagnostics;
using MailPace.Messaging.Publishing;
using MailPace.Storage;
using MailPace.Storage.History;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace MailPace.Record.Projecting;

/// <summary>
/// Projects one stream. A batch is as large as what waits, up to <see cref="RecordOptions.MaxBatch"/>; it is written with the cursor in
/// one transaction, then acknowledged. A batch that PostgreSQL refuses for its content is written message by message, and the
/// one it refuses is put aside: a single odd value doesn't hold up history.
/// </summary>
internal abstract partial class Lane<T>(LaneServices services, string stream)
    where T : class
{
    private static readonly TimeSpan ReopenDelay = TimeSpan.FromMilliseconds(500);

    private readonly ILogger logger = services.Loggers.CreateLogger("MailPace.Record.Lane");
    private long cursor;

    public StreamProgress Progress { get; } = new();

    protected LaneServices Services => services;

    protected abstract string Kind { get; }

    /// <summary>Runs until it is cancelled. PostgreSQL's failures end the leader's term; those of NATS only interrupt.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (Exception interruption) when (!cancellationToken.IsCancellationRequested
                && interruption is FollowerEndedException or NatsException or NotDurableException or CursorMovedException)
            {
                LogReopened(stream, interruption.Message);
                await Task.Delay(ReopenDelay, services.Time, cancellationToken);
            }
        }
    }

    protected abstract DecodedBundle<T> Decode(FollowedMessage message);

    /// <summary>What must hold before a batch may be written.</summary>
    protected abstract Task PrepareAsync(CancellationToken cancellationToken);

    protected abstract Task ApplyAsync(ProjectedRange range, IReadOnlyList<(FollowedMessage Message, IReadOnlyList<DecodedItem<T>> Items)> bundles, CancellationToken cancellationToken);

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        cursor = await ReadCursorAsync(cancellationToken);
        Progress.Report(cursor);
        await using var follower = await StreamFollower.OpenAsync(
            services.JetStream, stream, cursor, services.Options.Value.Prefetch, logger, cancellationToken);
        while (true)
        {
            var bundles = new List<(FollowedMessage Message, IReadOnlyList<DecodedItem<T>> Items)>();
            var faults = new List<(FollowedMessage Message, string Reason)>();
            var count = 0;
            var messages = await follower.ReadBatchAsync(
                message =>
                {
                    var decoded = Decode(message);
                    bundles.Add((message, decoded.Items));
                    count += decoded.Items.Count;
                    if (decoded.Fault is { } reason)
                    {
                        faults.Add((message, reason));
                    }

                    return count >= services.Options.Value.MaxBatch;
                },
                cancellationToken);
            var started = services.Time.GetTimestamp();
            try
            {
                await PrepareAsync(cancellationToken);
                foreach (var (message, reason) in faults)
                {
                    await services.DeadLetters.PutAsync(stream, message, reason, cancellationToken);
                }

                await WriteAsync(bundles, cancellationToken);
                foreach (var message in messages)
                {
                    await message.AckAsync(cancellationToken);
                }
            }
            finally
            {
                messages.ForEach(static message => message.Dispose());
            }

            await PaceAsync(follower, services.Time.GetElapsedTime(started), cancellationToken);
        }
    }

    private async Task PaceAsync(StreamFollower follower, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var options = services.Options.Value;
        if (elapsed < options.Pace && follower.Waiting < options.Prefetch / 2)
        {
            await Task.Delay(options.Pace - elapsed, services.Time, cancellationToken);
        }
    }

    private async Task WriteAsync(List<(FollowedMessage Message, IReadOnlyList<DecodedItem<T>> Items)> bundles, CancellationToken cancellationToken)
    {
        try
        {
            await WriteOnceAsync(bundles, cancellationToken);
        }
        catch (Exception refusal) when (refusal is not (CursorMovedException or OperationCanceledException) && !PostgresFaults.IsTransient(refusal))
        {
            if (bundles.Count == 1)
            {
                await services.DeadLetters.PutAsync(stream, bundles[0].Message, refusal.Message, cancellationToken);
                await WriteOnceAsync([(bundles[0].Message, [])], cancellationToken);
                return;
            }

            LogRefused(refusal, stream, bundles.Count);
            foreach (var bundle in bundles)
            {
                await WriteAsync([bundle], cancellationToken);
            }
        }
    }

    private async Task WriteOnceAsync(List<(FollowedMessage Message, IReadOnlyList<DecodedItem<T>> Items)> bundles, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var range = new ProjectedRange(stream, cursor, bundles[^1].Message.Sequence);
        await ApplyAsync(range, bundles, cancellationToken);
        cursor = range.To;
        Progress.Report(cursor);
        RecordMetrics.Projected(Kind, bundles.Sum(static b => b.Items.Count), Stopwatch.GetElapsedTime(started));
    }

    private async Task<long> ReadCursorAsync(CancellationToken cancellationToken)
    {
        var info = (await services.JetStream.GetStreamAsync(stream, cancellationToken: cancellationToken)).Info;
        var stored = await services.Cursors.ReadOrCreateAsync(stream, info.Created, cancellationToken);
        var lastSequence = (long)info.State.LastSeq;
        if (stored.Sequence <= lastSequence && IsSameMoment(stored.StreamCreatedAt, info.Created))
        {
            return await PassWhatIsGoneAsync(stored.Sequence, (long)info.State.FirstSeq, cancellationToken);
        }

        // Synced streams don't vanish by themselves: someone deleted this one, or NATS lost its disk.
        LogRestarted(stream, stored.Sequence, lastSequence);
        await services.Cursors.RestartAsync(stream, info.Created, cancellationToken);
        return await PassWhatIsGoneAsync(0, (long)info.State.FirstSeq, cancellationToken);
    }

    /// <summary>A stream whose oldest messages aged out unseen must not be waited for.</summary>
    private async Task<long> PassWhatIsGoneAsync(long stored, long firstSequence, CancellationToken cancellationToken)
    {
        if (stored >= firstSequence - 1)
        {
            return stored;
        }

        LogGap(stream, stored + 1, firstSequence - 1);
        await ApplyAsync(new ProjectedRange(stream, stored, firstSequence - 1), [], cancellationToken);
        return firstSequence - 1;
    }

    /// <summary>PostgreSQL keeps microseconds.</summary>
    private static bool IsSameMoment(DateTimeOffset a, DateTimeOffset b) => (a - b).Duration() < TimeSpan.FromMilliseconds(1);

    [LoggerMessage(EventIds.FollowerReopened, LogLevel.Warning, "The projection of {Stream} is interrupted and goes on from its cursor: {Reason}")]
    private partial void LogReopened(string stream, string reason);

    [LoggerMessage(EventIds.StreamRestarted, LogLevel.Critical, "{Stream} is not the stream that was projected up to {Cursor}: it was created anew and ends at {LastSequence}. History starts over with it")]
    private partial void LogRestarted(string stream, long cursor, long lastSequence);

    [LoggerMessage(EventIds.StreamGap, LogLevel.Error, "{Stream} no longer holds {From} to {To}, which history has not seen: their emails or events are missing there")]
    private partial void LogGap(string stream, long from, long to);

    [LoggerMessage(EventIds.BatchRefused, LogLevel.Error, "PostgreSQL refuses a batch of {Stream}; its {Bundles} bundles are tried one by one")]
    private partial void LogRefused(Exception refusal, string stream, int bundles);
}
