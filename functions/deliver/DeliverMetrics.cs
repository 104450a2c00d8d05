using System.Diagnostics.Metrics;
using MailPace.Contracts;

namespace MailPace.Deliver;

/// <summary>Meter <c>MailPace.Deliver</c>.</summary>
internal static class DeliverMetrics
{
    private static readonly Meter Meter = new("MailPace.Deliver");
    private static readonly Counter<long> Recipients = Meter.CreateCounter<long>("mailpace.deliver.recipients", "{recipient}", "Outcomes of delivery attempts, by state.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("mailpace.deliver.attempt.duration", "s", "Duration of delivery attempts.");
    private static readonly Counter<long> UncertainAttempts = Meter.CreateCounter<long>("mailpace.deliver.uncertain", "{attempt}", "Attempts that may have reached the remote without an outcome; they are sent again.");
    private static readonly Counter<long> Repeats = Meter.CreateCounter<long>("mailpace.deliver.repeats", "{job}", "Redelivered jobs whose outcome was recorded: not sent again.");

    private static readonly Counter<long> JobsPutOff = Meter.CreateCounter<long>("mailpace.deliver.put_off", "{job}", "Jobs that were given back since their MX group had no room.");

    private static readonly UpDownCounter<int> SlowGroups = Meter.CreateUpDownCounter<int>("mailpace.deliver.groups.slow", "{group}", "MX groups that get less than their limits, since they asked for it.");

    public static void Attempted(IReadOnlyList<RecipientOutcome> outcomes, TimeSpan duration)
    {
        Duration.Record(duration.TotalSeconds);
        foreach (var outcome in outcomes)
        {
            Recipients.Add(1, new KeyValuePair<string, object?>("state", NameOf(outcome.State)));
        }
    }

    public static void Uncertain() => UncertainAttempts.Add(1);

    public static void SlowGroup(int change)
    {
        if (change != 0)
        {
            SlowGroups.Add(change);
        }
    }

    public static void PutOff() => JobsPutOff.Add(1);

    public static void Repeated() => Repeats.Add(1);

    private static string NameOf(RecipientState state) => state switch
    {
        RecipientState.Delivered => "delivered",
        RecipientState.Deferred => "deferred",
        RecipientState.Bounced => "bounced",
        RecipientState.Expired => "expired",
        RecipientState.Queued => "queued",
        RecipientState.Suppressed => "suppressed",
        RecipientState.Complained => "complained",
        RecipientState.Spam => "spam",
    };
}
