using System.Globalization;
using MailPace.Faults.Mutants;
using MailPace.Faults.Scenarios;

namespace MailPace.Faults;

/// <summary>What is run.</summary>
internal sealed record FaultOptions
{
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    public IReadOnlyList<IScenario> Scenarios { get; init; } = AllScenarios.List;

    public IReadOnlyList<Mutant> Mutants { get; init; } = [];

    /// <summary>Runs at the same time: most of a run is waiting.</summary>
    public int Parallel { get; init; } = 2;

    public ScenarioLength Length { get; init; } = ScenarioLength.Long;

    /// <summary>How long a run may take to become quiet after its last fault.</summary>
    public TimeSpan SettleLimit { get; init; } = TimeSpan.FromMinutes(3);

    public required string Directory { get; init; }

    public string Output => Path.Combine(Directory, "latest.json");

    public static FaultOptions Parse(string[] arguments, string root)
    {
        var options = new FaultOptions { Directory = Path.Combine(root, "artifacts/faults") };
        foreach (var argument in arguments)
        {
            var pair = argument.TrimStart('-').Split('=', 2);
            var value = pair.Length == 2 ? pair[1] : "";
            options = pair[0] switch
            {
                "short" => options with { Seeds = [1], Mutants = [AllMutants.Foremost], Parallel = 4, Length = ScenarioLength.Short, SettleLimit = TimeSpan.FromMinutes(2) },
                "seed" => options with { Seeds = [Number(value)] },
                "seeds" => options with { Seeds = [.. Enumerable.Range(1, Number(value))] },
                "scenarios" => options with { Scenarios = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(AllScenarios.Named)] },
                "mutants" when value.Length == 0 => options with { Mutants = AllMutants.List },
                "mutants" => options with { Mutants = [.. value.Split(',').Where(static name => name != "none").Select(AllMutants.Named)] },
                "parallel" => options with { Parallel = Number(value) },
                _ => throw new ArgumentException($"Unknown option {argument}; known are --short, --seed=, --seeds=, --scenarios=, --mutants[=], --parallel=."),
            };
        }

        return options;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
