using System.Globalization;
using System.Text.Json;
using MailPace.Bench.Measuring;

namespace MailPace.Bench.Reporting;

/// <summary>Medians over the runs, as a table and as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static IReadOnlyList<Measurement> Medians(IEnumerable<Measurement> runs) =>
        [.. runs.GroupBy(run => (run.Scenario, run.System)).Select(group => new Measurement
        {
            Scenario = group.Key.Scenario,
            System = group.Key.System,
            Rate = Round(Percentile.Median(group.Select(run => run.Rate))),
            P50Ms = Round(Percentile.Median(group.Select(run => run.P50Ms))),
            P99Ms = Round(Percentile.Median(group.Select(run => run.P99Ms))),
            CpuSecondsPer1000 = Math.Round(Percentile.Median(group.Select(run => run.CpuSecondsPer1000)), 3),
            PeakMb = Round(group.Max(run => run.PeakMb)),
            Sent = group.Sum(run => run.Sent),
            Received = group.Sum(run => run.Received),
            Durability = group.First().Durability,
        })];

    public static void Print(IReadOnlyList<Measurement> rows)
    {
        Console.WriteLine();
        Console.WriteLine($"{"scenario",-26}{"system",-10}{"rate/s",9}{"p50 ms",9}{"p99 ms",9}{"CPU s/1000",12}{"peak MB",9}{"sent",9}{"received",10}  durability");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Scenario,-26}{row.System,-10}{row.Rate,9:0}{row.P50Ms,9:0.0}{row.P99Ms,9:0.0}{row.CpuSecondsPer1000,12:0.000}{row.PeakMb,9:0}{row.Sent,9}{row.Received,10}  {row.Durability}"));
        }

        if (rows.FirstOrDefault(row => row.Scenario == "deferred-none") is { } without)
        {
            var with = rows.Single(row => row.Scenario.StartsWith("deferred-", StringComparison.Ordinal) && row != without);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{with.Scenario}: {with.Rate / without.Rate:0.00} × the rate without deferred jobs"));
        }

        foreach (var ours in rows.Where(row => row.System == "mailpace"))
        {
            // They take no mail over HTTP: their SMTP rate is the measure for that.
            var scenario = ours.Scenario == "accept-http" ? "accept-smtp-kept" : ours.Scenario;
            foreach (var theirs in rows.Where(row => row.System != ours.System && row.Scenario == scenario))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ours.Scenario}: {ours.Rate / theirs.Rate:0.00} × {theirs.System}'s rate ({scenario}), {ours.CpuSecondsPer1000 / theirs.CpuSecondsPer1000:0.00} × its CPU per email"));
            }
        }
    }

    public static void Write(IReadOnlyList<Measurement> rows, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(rows, Indented) + "\n");
        Console.WriteLine("written: " + path);
    }

    private static double Round(double value) => Math.Round(value, 1);
}
