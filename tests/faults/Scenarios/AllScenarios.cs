namespace MailPace.Faults.Scenarios;

internal static class AllScenarios
{
    /// <summary>The longest first: several run at the same time.</summary>
    public static IReadOnlyList<IScenario> List { get; } =
    [
        new PowerCut(),
        new Mixed(),
        new JobsDeleted(),
        new HostKilled(),
        new DiskFull(),
        new BothKilled(),
        new NatsKilled(),
        new Frozen(),
        new PostgresAway(),
        new PostgresKilled(),
        new FinalReplyDropped(),
    ];

    public static IScenario Named(string name) => List.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new ArgumentException($"No scenario {name}; there are {string.Join(", ", List.Select(static scenario => scenario.Name))}.");
}
