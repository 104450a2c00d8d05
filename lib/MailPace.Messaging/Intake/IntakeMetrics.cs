using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using MailPace.Contracts;

namespace MailPace.Messaging.Intake;

/// <summary>Metrics of the meter <c>MailPace.Intake</c>; docs/telemetry.md says what to alert on.</summary>
internal static class IntakeMetrics
{
    public const string MeterName = "MailPace.Intake";

    public static readonly ActivitySource Activities = new(MeterName);

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Emails = Meter.CreateCounter<long>("mailpace.intake.emails", "{email}", "Emails handed in, by source and outcome");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("mailpace.intake.duration", "s", "From a complete email to its result");
    private static readonly Histogram<int> Size = Meter.CreateHistogram<int>("mailpace.intake.size", "By", "Bytes of each accepted message");

    public static void Record(Submission submission, IntakeResult result, TimeSpan duration)
    {
        var source = new KeyValuePair<string, object?>("source", submission.Source is EmailSource.Api ? "api" : "smtp");
        var outcome = new KeyValuePair<string, object?>("outcome", result.Match(
            static accepted => accepted.IsRepeat ? "repeat" : "accepted",
            static refused => JsonNamingPolicy.SnakeCaseLower.ConvertName(refused.Refusal.Kind.ToString())));
        Emails.Add(1, source, outcome);
        Duration.Record(duration.TotalSeconds, source, outcome);
        if (result is IntakeResult.Accepted { IsRepeat: false })
        {
            Size.Record(submission.Size, source);
        }
    }
}
