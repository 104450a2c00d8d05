using System.Diagnostics.Metrics;

namespace MailPace.Bounce;

/// <summary>Meter <c>MailPace.Bounce</c>.</summary>
internal static class BounceMetrics
{
    private static readonly Meter Meter = new("MailPace.Bounce");
    private static readonly Counter<long> Reports = Meter.CreateCounter<long>("mailpace.bounce.reports", "{report}", "Messages that came to return-paths and feedback addresses, by what they were.");

    public static void Read(string result) => Reports.Add(1, new KeyValuePair<string, object?>("result", result));
}
