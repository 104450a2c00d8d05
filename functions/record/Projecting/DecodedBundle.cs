namespace MailPace.Record.Projecting;

/// <param name="Items">What could be read.</param>
/// <param name="Fault">Why not everything could; absent when it could.</param>
internal sealed record DecodedBundle<T>(IReadOnlyList<DecodedItem<T>> Items, string? Fault);
