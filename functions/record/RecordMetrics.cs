using System.Diagnostics.Metrics;

namespace MailPace.Record;

/// <summary>What <c>record</c> counts; see docs/telemetry.md for what to alert on.</summary>
internal static class RecordMetrics
{
    private static readonly Meter Meter = new("MailPace.Record");

    private static readonly Counter<long> ProjectedItems = Meter.CreateCounter<long>(
        "mailpace.record.projected", "{item}", "Emails and events written to history, by stream kind (mail, events)");

    private static readonly Histogram<double> BatchDuration = Meter.CreateHistogram<double>(
        "mailpace.record.batch.duration", "s", "Time of one projecting transaction, by stream kind");

    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(
        "mailpace.record.dead_letters", "{message}", "Bundles or items that could not be projected; alert on any");

    private static readonly Counter<long> Redrives = Meter.CreateCounter<long>(
        "mailpace.record.redriven", "{job}", "Jobs made again because JOBS had lost them");

    private static readonly Gauge<long> StuckJobs = Meter.CreateGauge<long>(
        "mailpace.record.stuck", "{job}", "Jobs found stuck in the last walk, by reason (beyond_rescue, often_redriven); alert above 0");

    private static readonly Gauge<double> Lag = Meter.CreateGauge<double>(
        "mailpace.record.oldest_waiting", "s", "Age of the oldest job that waits for its delivery");

    public static void Projected(string kind, int items, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("stream", kind);
        ProjectedItems.Add(items, tag);
        BatchDuration.Record(duration.TotalSeconds, tag);
    }

    public static void DeadLettered() => DeadLetters.Add(1);

    public static void Redriven() => Redrives.Add(1);

    public static void Stuck(string reason, long jobs) => StuckJobs.Record(jobs, new KeyValuePair<string, object?>("reason", reason));

    public static void OldestWaiting(TimeSpan age) => Lag.Record(age.TotalSeconds);
}
