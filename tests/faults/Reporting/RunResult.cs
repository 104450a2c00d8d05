using System.Text.Json.Serialization;
using MailPace.Faults.Ledger;

namespace MailPace.Faults.Reporting;

/// <summary>One scenario under one seed, or one mutant.</summary>
internal sealed record RunResult
{
    public required string Scenario { get; init; }

    /// <summary>The mutant that was run instead of the platform; then violations are what is wanted.</summary>
    public string? Mutant { get; init; }

    /// <summary>The violation that the mutant must be found by.</summary>
    [JsonIgnore]
    public ViolationKind? Breaks { get; init; }

    public required int Seed { get; init; }

    /// <summary>Null when it was skipped, or broke before the end.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Why it didn't run.</summary>
    public string? Skipped { get; init; }

    /// <summary>Why it broke.</summary>
    public string? Broken { get; init; }

    public double Seconds { get; init; }

    /// <summary>From the last email that a client handed in until every email had ended and nothing waited.</summary>
    public double QuietAfterSeconds { get; init; }

    public bool HasPassed => Broken is null && Verdict is { } verdict && (Mutant is null ? verdict.Violations.Count == 0 : verdict.Violations.Any(violation => violation.Kind == Breaks));

    public string Outcome => Skipped is not null ? "skipped" : HasPassed ? "passed" : "failed";
}
