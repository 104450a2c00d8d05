using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MailPace.Messaging;

/// <summary>Metrics of the meter <c>MailPace.Messaging</c>; docs/telemetry.md says what to alert on.</summary>
internal static class MessagingMetrics
{
    public const string MeterName = "MailPace.Messaging";

    public static readonly ActivitySource Activities = new(MeterName);

    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<int> BundleItems = Meter.CreateHistogram<int>("mailpace.messaging.bundle.items", "{item}", "Items of each stored bundle");
    private static readonly Histogram<double> BundleDuration = Meter.CreateHistogram<double>("mailpace.messaging.bundle.duration", "s", "From publish to acknowledgement");
    private static readonly Counter<int> NotDurable = Meter.CreateCounter<int>("mailpace.messaging.not_durable", "{item}", "Items that JetStream didn't store");
    private static readonly Counter<int> Outcomes = Meter.CreateCounter<int>("mailpace.messaging.consumed", "{message}", "Consumed messages by outcome");

    private static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>("mailpace.messaging.waiting", "{item}", "Items that wait for a bundle");

    public static void Waits(string subject, int change) => Waiting.Add(change, new KeyValuePair<string, object?>("subject", subject));

    public static void BundleStored(string subject, int items, TimeSpan duration)
    {
        var label = new KeyValuePair<string, object?>("subject", subject);
        BundleItems.Record(items, label);
        BundleDuration.Record(duration.TotalSeconds, label);
    }

    public static void BundleRefused(string subject, int items) => NotDurable.Add(items, new KeyValuePair<string, object?>("subject", subject));

    public static void Consumed(string consumer, string outcome) =>
        Outcomes.Add(1, new KeyValuePair<string, object?>("consumer", consumer), new KeyValuePair<string, object?>("outcome", outcome));
}
