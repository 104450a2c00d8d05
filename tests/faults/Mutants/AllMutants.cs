namespace MailPace.Faults.Mutants;

internal static class AllMutants
{
    public static IReadOnlyList<Mutant> List { get; } =
    [
        new Mutant("acknowledge-before-durable", "both-killed"),
        new Mutant("delivered-before-the-dot", "final-reply-dropped"),
        new Mutant("repeat-without-question", "host-killed"),
        new Mutant("forget-idempotency-keys", "host-killed"),
    ];

    public static Mutant Named(string name) => List.FirstOrDefault(mutant => mutant.Name == name)
        ?? throw new ArgumentException($"No mutant {name}; there are {string.Join(", ", List.Select(static mutant => mutant.Name))}.");
}
