using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MailPace.Faults.Reporting;

/// <summary>The results as a table and as JSON.</summary>
internal static class Report
{
    private const int MostViolations = 10;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void Print(IReadOnlyList<RunResult> results)
    {
        Console.WriteLine();
        Console.WriteLine($"{"scenario",-40}{"seed",6}{"acked",8}{"copies",8}{"doubles",9}{"explained",11}{"uncertain",11}{"redriven",10}{"violations",12}{"quiet s",9}{"seconds",9}  outcome");
        foreach (var result in results)
        {
            var name = result.Mutant is null ? result.Scenario : $"{result.Scenario}, {result.Mutant}";
            Console.WriteLine(result.Verdict is { } verdict
                ? string.Create(CultureInfo.InvariantCulture, $"{name,-40}{result.Seed,6}{verdict.Acknowledged,8}{verdict.Copies,8}{verdict.Duplicates,9}{verdict.Explained,11}{verdict.Uncertain,11}{verdict.Redriven,10}{verdict.Violations.Count,12}{result.QuietAfterSeconds,9:0.0}{result.Seconds,9:0.0}  {result.Outcome}")
                : string.Create(CultureInfo.InvariantCulture, $"{name,-40}{result.Seed,6}{"",84}{result.Seconds,9:0.0}  {result.Outcome}: {result.Skipped ?? result.Broken}"));
        }

        foreach (var result in results.Where(static result => result.Verdict is { Violations.Count: > 0 } && (result.Mutant is null || !result.HasPassed)))
        {
            Console.WriteLine();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Scenario}, seed {result.Seed}; again: make faults OPTIONS=\"--scenarios={result.Scenario} --seed={result.Seed}\""));
            foreach (var violation in result.Verdict!.Violations.Take(MostViolations))
            {
                Console.WriteLine($"  {violation.Kind} {violation.Marker}: {violation.Text}");
            }

            if (result.Verdict.Violations.Count > MostViolations)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … and {result.Verdict.Violations.Count - MostViolations} more"));
            }
        }
    }

    public static void Write(IReadOnlyList<RunResult> results, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(results, Indented) + "\n");
        Console.WriteLine();
        Console.WriteLine("written: " + path);
    }
}
