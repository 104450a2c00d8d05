using System.Threading.RateLimiting;

namespace MailPace.Messaging.Intake;

/// <summary>A token bucket for each API token; buckets that are full and unused are forgotten by the runtime.</summary>
internal sealed class TokenRateLimiter : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<long> _limiter;

    public TokenRateLimiter(IntakeOptions options)
    {
        // Below 10 a second the tick grows, since a bucket gets whole tokens only.
        var perTick = Math.Max(1, options.EmailsPerSecond / (int)(TimeSpan.FromSeconds(1) / Tick));
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Burst,
            TokensPerPeriod = perTick,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)perTick / options.EmailsPerSecond),
            QueueLimit = 0,
        };
        _limiter = PartitionedRateLimiter.Create<long, long>(tokenId => RateLimitPartition.GetTokenBucketLimiter(tokenId, _ => bucket));
    }

    /// <summary>Counts one email; false when the token has had its share, with the time until it may come again.</summary>
    public bool TryTake(long tokenId, out TimeSpan retryAfter)
    {
        using var lease = _limiter.AttemptAcquire(tokenId);
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Tick;
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
