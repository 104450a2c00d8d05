using MailPace.Faults.Ledger;

namespace MailPace.Faults.Mutants;

/// <summary>A platform with a mistake that the checker has to find.</summary>
/// <param name="Name">Name of its patch beside this file.</param>
/// <param name="Scenario">The scenario that must find it; one that needs no root.</param>
/// <param name="Breaks">What it must be found by: a platform that merely doesn't run breaks other promises.</param>
internal sealed record Mutant(string Name, string Scenario, ViolationKind Breaks);
