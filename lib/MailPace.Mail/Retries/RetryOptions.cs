using System.ComponentModel.DataAnnotations;

namespace MailPace.Mail.Retries;

/// <summary>When a deferred recipient is tried again.</summary>
public sealed class RetryOptions
{
    public const string SectionName = "Retry";

    /// <summary>Gaps after the first, second, … attempt; the last one repeats. Default: 1 min, 5 min, 15 min, 30 min, 1 h, 2 h, 4 h.</summary>
    [MinLength(1)]
    public TimeSpan[] Gaps { get; set; } =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    /// <summary>How long after acceptance a transient failure is retried. Default: 72 h; RFC 5321 §4.5.4.1 asks for 4 to 5 days, transactional mail is stale before.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Horizon { get; set; } = TimeSpan.FromHours(72);

    /// <summary>Share of a gap by which it varies at random, each way. Default: 0.1.</summary>
    [Range(0, 0.5)]
    public double Jitter { get; set; } = 0.1;
}
