using MailPace.Contracts;

namespace MailPace.Mail.Retries;

/// <summary>Says when a deferred job is tried again, and until when.</summary>
/// <param name="options">Validated options.</param>
/// <param name="random">The source of the jitter; give one that is safe across threads (<see cref="Random.Shared"/>) to a shared schedule.</param>
public sealed class RetrySchedule(RetryOptions options, Random random)
{
    private readonly IReadOnlyList<TimeSpan> gaps = options.EffectiveGaps;

    /// <summary>After this a transient failure is final.</summary>
    public DateTimeOffset ExpiresAt(DateTimeOffset acceptedAt) => acceptedAt + options.Horizon;

    /// <param name="attempt">Number of the attempt that was deferred, from 1.</param>
    /// <param name="reason">Why it was deferred; a failure of the network is on the same schedule as a reply without a class of its own.</param>
    public TimeSpan DelayAfter(int attempt, FaultReason reason = FaultReason.Unknown)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var own = options.GapsOf(reason);
        var gap = attempt <= own.Count ? own[attempt - 1] : gaps[Math.Min(attempt, gaps.Count) - 1];
        var factor = 1 + (options.Jitter * ((random.NextDouble() * 2) - 1));
        return gap * factor;
    }
}
