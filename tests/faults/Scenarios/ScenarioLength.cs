namespace MailPace.Faults.Scenarios;

internal sealed record ScenarioLength
{
    public static ScenarioLength Short { get; } = new() { Rounds = 1, Outage = TimeSpan.FromSeconds(6) };

    public static ScenarioLength Long { get; } = new() { Rounds = 5, Outage = TimeSpan.FromMinutes(1) };

    /// <summary>How often the fault happens.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long PostgreSQL stays away.</summary>
    public required TimeSpan Outage { get; init; }
}
