using System.ComponentModel.DataAnnotations;

namespace MailPace.Record;

public sealed class RecordOptions
{
    public const string SectionName = "Record";

    /// <summary>Emails or events that one transaction writes at most; a batch is as large as what waits up to this. Default 2,000.</summary>
    [Range(1, 100_000)]
    public int MaxBatch { get; set; } = 2_000;

    /// <summary>Bundles fetched ahead while a batch is written. Default 64.</summary>
    [Range(1, 1_000)]
    public int Prefetch { get; set; } = 64;

    /// <summary>
    /// From the beginning of one transaction of a stream to that of its next, at least, unless half of <see cref="Prefetch"/> waits:
    /// few large transactions cost PostgreSQL a fraction of many small ones. The first after a pause goes at once. Default 100 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Pace { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a process that is not the leader tries to become it, and the leader checks that it still is. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan LeaderInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the outbox is looked at when no notification came. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan FeedInterval { get; set; } = TimeSpan.FromSeconds(5);
}
