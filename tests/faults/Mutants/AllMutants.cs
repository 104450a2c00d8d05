using MailPace.Faults.Ledger;

namespace MailPace.Faults.Mutants;

internal static class AllMutants
{
    public static IReadOnlyList<Mutant> List { get; } =
    [
        new Mutant("acknowledge-before-durable", "both-killed", ViolationKind.Lost),
        new Mutant("delivered-before-the-dot", "final-reply-dropped", ViolationKind.Disagreement),
        new Mutant("repeat-without-question", "host-killed", ViolationKind.Unexplained),
        new Mutant("forget-idempotency-keys", "host-killed", ViolationKind.Doubled),
    ];

    /// <summary>The one that the short form builds: a checker that doesn't see lost mail sees nothing.</summary>
    public static Mutant Foremost => List[0];

    public static Mutant Named(string name) => List.FirstOrDefault(mutant => mutant.Name == name)
        ?? throw new ArgumentException($"No mutant {name}; there are {string.Join(", ", List.Select(static mutant => mutant.Name))}.");
}
