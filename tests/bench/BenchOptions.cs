using System.Globalization;

namespace MailPace.Bench;

/// <summary>How much is measured; the short form shows that everything works, its figures mean little.</summary>
internal sealed record BenchOptions
{
    public int Runs { get; init; } = 3;

    /// <summary>Multiplies the number of messages.</summary>
    public double Scale { get; init; } = 1;

    public int Connections { get; init; } = 50;

    /// <summary>Of the scenario idle-tls.</summary>
    public int Sessions { get; init; } = 10_000;

    public IReadOnlyList<string> Scenarios { get; init; } = ["accept-smtp-kept", "accept-smtp-single", "accept-smtp-single-tls", "accept-http", "end-to-end", "deferred", "webhooks"];

    public IReadOnlyList<string> Systems { get; init; } = ["mailpace", "discard", "postfix", "haraka"];

    public required string Directory { get; init; }

    public required string Output { get; init; }

    public static BenchOptions Parse(string[] arguments, string root)
    {
        var options = new BenchOptions { Directory = Path.Combine(root, $"artifacts/bench/run-{Environment.ProcessId}"), Output = Path.Combine(root, "artifacts/bench/latest.json") };
        foreach (var argument in arguments)
        {
            var pair = argument.TrimStart('-').Split('=', 2);
            var value = pair.Length == 2 ? pair[1] : "";
            options = pair[0] switch
            {
                "short" => options with { Runs = 1, Scale = 0.05 },
                "runs" => options with { Runs = int.Parse(value, CultureInfo.InvariantCulture) },
                "scale" => options with { Scale = double.Parse(value, CultureInfo.InvariantCulture) },
                "connections" => options with { Connections = int.Parse(value, CultureInfo.InvariantCulture) },
                "sessions" => options with { Sessions = int.Parse(value, CultureInfo.InvariantCulture) },
                "scenarios" => options with { Scenarios = value.Split(',') },
                "systems" => options with { Systems = value.Split(',') },
                "output" => options with { Output = value },
                _ => throw new ArgumentException($"Unknown option {argument}; known are --short, --runs=, --scale=, --connections=, --sessions=, --scenarios=, --systems=, --output=."),
            };
        }

        return options;
    }
}
