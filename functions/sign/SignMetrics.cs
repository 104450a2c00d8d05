using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MailPace.Sign;

/// <summary>Meter and activity source <c>MailPace.Sign</c>; docs/telemetry.md says what to alert on.</summary>
internal static class SignMetrics
{
    private const string Name = "MailPace.Sign";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Emails = Meter.CreateCounter<long>("mailpace.sign.emails", "{email}", "Emails by what became of them");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("mailpace.sign.bundle.duration", "s", "From a bundle's arrival to the acknowledgement of its jobs");

    public static void Email(string outcome) => Emails.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void BundleDone(TimeSpan duration) => Duration.Record(duration.TotalSeconds);

    /// <summary>Goes on with the trace that the email was accepted in.</summary>
    public static Activity? Start(string step, string? traceParent)
        => Activities.HasListeners() && ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Activities.StartActivity(step, ActivityKind.Consumer, parent)
            : Activities.StartActivity(step, ActivityKind.Consumer);
}
