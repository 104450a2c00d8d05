namespace MailPace.Faults.Ledger;

/// <summary>One promise that was broken.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Marker">The email, where it is about one.</param>
/// <param name="Text">What is wrong, with the figures.</param>
internal sealed record Violation(ViolationKind Kind, string? Marker, string Text);
