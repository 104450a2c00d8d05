using MailPace.Contracts;
using MailPace.Contracts.Directory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Messaging.Directory;

/// <summary>
/// Accounts, keys and suppressions in memory, kept fresh by a watch of the bucket <c>directory</c>. Specification:
/// <list type="bullet">
/// <item>Ready from the end of the first snapshot on, and for ever after: while NATS is away the last state answers.</item>
/// <item>After a reconnect it goes on from the revision it has; when the bucket is another one (lost and made again), it reads
/// a whole snapshot into a fresh state and swaps, so that what is gone there is gone here.</item>
/// <item>The client library's watch can fall silent after a failed re-creation of its consumer; so the cache compares its
/// revision with the bucket's from time to time and starts the watch again.</item>
/// </list>
/// </summary>
public sealed partial class DirectoryCache(
    INatsJSContext jetStream,
    IOptions<DirectoryOptions> options,
    TimeProvider time,
    ILogger<DirectoryCache> logger) : BackgroundService
{
    private readonly DirectoryOptions _options = options.Value;
    private volatile DirectoryState _state = new();
    private volatile bool _isReady;
    private long _revision;
    private DateTimeOffset _bucketCreated;

    /// <summary>The initial snapshot has been read.</summary>
    public bool IsReady => _isReady;

    /// <summary>Revision of the bucket up to which the state is current.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    /// <param name="secretHash">SHA-256 of the token's secret, lower-case hex.</param>
    public TokenEntry? FindToken(string secretHash) => _state.FindToken(secretHash);

    public DomainEntry? FindDomain(long id) => _state.FindDomain(id);

    public OrganisationEntry? FindOrganisation(long id) => _state.FindOrganisation(id);

    public DkimKeysEntry? FindDkimKeys(long domainId) => _state.FindDkimKeys(domainId);

    /// <param name="host">Inbound host, an A-label in lower case.</param>
    public InboundEndpointEntry? FindInboundEndpoint(string host) => _state.FindInboundEndpoint(host);

    public WebhooksEntry? FindWebhooks(long domainId) => _state.FindWebhooks(domainId);

    /// <summary>Those of all domains that have an endpoint.</summary>
    public IReadOnlyCollection<WebhooksEntry> Webhooks => [.. _state.Webhooks];

    /// <summary>The domain's or its organisation's Block List has the address, and no Allow List of theirs has.</summary>
    /// <param name="domainId">The sending domain.</param>
    /// <param name="address">Bare address; compared without case.</param>
    public bool IsSuppressed(long domainId, string address) => _state.IsSuppressed(domainId, address);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowUntilInterruptedAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is NatsException or IOException or TimeoutException or OperationCanceledException)
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                LogInterrupted(failure.Message);
                await Task.Delay(_options.RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Returns when the connection was opened anew or the watch proved silent; the caller then follows again.</summary>
    private async Task FollowUntilInterruptedAsync(CancellationToken stoppingToken)
    {
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        AsyncEventHandler<NatsEventArgs> reopened = (_, _) =>
        {
            interruption.Cancel();
            return ValueTask.CompletedTask;
        };

        var store = await new NatsKVContext(jetStream).GetStoreAsync(Streams.Directory, stoppingToken);
        var bucket = (await store.GetStatusAsync(stoppingToken)).Info;

        // A bucket that was made again counts from 1: what we know of the former one says nothing about it.
        var isSameBucket = _isReady && bucket.Created == _bucketCreated && (long)bucket.State.LastSeq >= Revision;
        var follower = new Follower(this, isSameBucket ? _state : new DirectoryState(), bucket.Created);
        var watchOptions = new NatsKVWatchOpts
        {
            ResumeAtRevision = isSameBucket ? (ulong)Revision + 1 : 0,
            OnNoData = _ =>
            {
                follower.Complete((long)bucket.State.LastSeq);
                return ValueTask.FromResult(false);
            },
        };

        jetStream.Connection.ConnectionOpened += reopened;
        var watchdog = WatchOverAsync(store, follower, interruption);
        try
        {
            await foreach (var entry in store.WatchAsync<NatsMemoryOwner<byte>>(opts: watchOptions, cancellationToken: interruption.Token))
            {
                follower.Take(entry);
            }
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // Interrupted by the reconnect or by the watchdog.
        }
        finally
        {
            jetStream.Connection.ConnectionOpened -= reopened;
            await interruption.CancelAsync();
            await watchdog;
        }
    }

    private async Task WatchOverAsync(INatsKVStore store, Follower follower, CancellationTokenSource interruption)
    {
        var behindSince = -1L;
        using var timer = new PeriodicTimer(_options.CheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(interruption.Token))
            {
                if (await TryReadBucketAsync(store, interruption.Token) is not { } bucket)
                {
                    continue;
                }

                var seen = follower.Revision;
                var isAnother = bucket.Created != follower.BucketCreated || (long)bucket.State.LastSeq < seen;
                var isStuck = (long)bucket.State.LastSeq > seen && seen == behindSince;
                if (isAnother || isStuck)
                {
                    LogSilent(seen, (long)bucket.State.LastSeq);
                    await interruption.CancelAsync();
                    return;
                }

                behindSince = (long)bucket.State.LastSeq > seen ? seen : -1;
            }
        }
        catch (OperationCanceledException)
        {
            // The watch ended.
        }
    }

    private static async Task<NATS.Client.JetStream.Models.StreamInfo?> TryReadBucketAsync(INatsKVStore store, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.GetStatusAsync(cancellationToken)).Info;
        }
        catch (NatsException)
        {
            // Away, or the bucket is gone for now: the state that we have goes on answering.
            return null;
        }
    }

    private void Publish(DirectoryState state, DateTimeOffset bucketCreated, long revision)
    {
        _state = state;
        _bucketCreated = bucketCreated;
        Interlocked.Exchange(ref _revision, revision);
        if (!_isReady)
        {
            _isReady = true;
            LogReady(revision);
        }
    }

    /// <summary>One run of the watch: fills a state, and publishes it at the end of its snapshot.</summary>
    private sealed class Follower(DirectoryCache cache, DirectoryState state, DateTimeOffset bucketCreated)
    {
        private long _seen = ReferenceEquals(state, cache._state) ? cache.Revision : 0;
        private bool _isPublished = ReferenceEquals(state, cache._state) && cache._isReady;

        public long Revision => Interlocked.Read(ref _seen);

        public DateTimeOffset BucketCreated => bucketCreated;

        public void Take(NatsKVEntry<NatsMemoryOwner<byte>> entry)
        {
            using var value = entry.Value;
            var isTaken = entry.Operation is NatsKVOperation.Put
                ? state.TryPut(entry.Key, new(value.Memory))
                : state.TryDelete(entry.Key);
            if (!isTaken)
            {
                cache.LogNotUnderstood(entry.Key.Split('.')[0], (long)entry.Revision);
            }

            Interlocked.Exchange(ref _seen, (long)entry.Revision);
            if (_isPublished || entry.Delta == 0)
            {
                Complete((long)entry.Revision);
            }
        }

        public void Complete(long revision)
        {
            _isPublished = true;
            Interlocked.Exchange(ref _seen, revision);
            cache.Publish(state, bucketCreated, revision);
        }
    }

    [LoggerMessage(DirectoryEventIds.Ready, LogLevel.Information, "The directory is read up to revision {Revision}")]
    private partial void LogReady(long revision);

    [LoggerMessage(DirectoryEventIds.Interrupted, LogLevel.Warning, "The directory can't be followed at the moment, the last state goes on answering: {Reason}")]
    private partial void LogInterrupted(string reason);

    [LoggerMessage(DirectoryEventIds.Silent, LogLevel.Warning, "The directory's watch is at revision {Seen} and the bucket at {Last}; following it anew")]
    private partial void LogSilent(long seen, long last);

    [LoggerMessage(DirectoryEventIds.NotUnderstood, LogLevel.Error, "A directory entry of kind {Kind} at revision {Revision} is not understood; the former one stays")]
    private partial void LogNotUnderstood(string kind, long revision);
}
