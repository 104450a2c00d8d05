namespace MailPace.Mail.Retries;

/// <summary>The gap before the next attempt: soon at first (greylisting), then wider, with jitter so that what failed together doesn't return together.</summary>
public sealed class RetrySchedule(RetryOptions options, Random random)
{
    /// <param name="attempt">The attempt that has just failed, from 1.</param>
    public TimeSpan DelayAfter(int attempt)
    {
        var gap = options.Gaps[Math.Min(attempt, options.Gaps.Length) - 1];
        return gap * (1 + (options.Jitter * ((2 * random.NextDouble()) - 1)));
    }
}
