using System.Diagnostics.Metrics;

namespace MailPace.Webhook;

/// <summary>Meter <c>MailPace.Webhook</c>.</summary>
internal static class WebhookMetrics
{
    private static readonly Meter Meter = new("MailPace.Webhook");
    private static readonly Counter<long> MadeDeliveries = Meter.CreateCounter<long>("mailpace.webhook.made", "{delivery}", "Deliveries made from emails and events");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("mailpace.webhook.attempts", "{attempt}", "Attempts to post, by outcome (taken, refused, failed)");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("mailpace.webhook.attempt.duration", "s", "Duration of attempts, by outcome");
    private static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("mailpace.webhook.delay", "s", "From a delivery's making to its first success");
    private static readonly Counter<long> GivenUpDeliveries = Meter.CreateCounter<long>("mailpace.webhook.given_up", "{delivery}", "Deliveries whose horizon ended; they can be replayed");
    private static readonly Counter<long> PausedEndpoints = Meter.CreateCounter<long>("mailpace.webhook.paused", "{endpoint}", "Endpoints paused because they failed");
    private static readonly Counter<long> UnloggedAttempts = Meter.CreateCounter<long>("mailpace.webhook.unlogged", "{attempt}", "Attempts that are missing in the log because PostgreSQL was away for too long");

    public static void Made(int deliveries) => MadeDeliveries.Add(deliveries);

    public static void Attempted(string outcome, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("outcome", outcome);
        Attempts.Add(1, tag);
        Duration.Record(duration.TotalSeconds, tag);
    }

    public static void Taken(TimeSpan sinceMade) => Delay.Record(sinceMade.TotalSeconds);

    public static void GivenUp() => GivenUpDeliveries.Add(1);

    public static void Paused(int endpoints) => PausedEndpoints.Add(endpoints);

    public static void Unlogged() => UnloggedAttempts.Add(1);
}
