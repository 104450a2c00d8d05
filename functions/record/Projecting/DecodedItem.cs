namespace MailPace.Record.Projecting;

/// <param name="Value">The metadata.</param>
/// <param name="Body">A slice of the bundle's bytes.</param>
internal readonly record struct DecodedItem<T>(T Value, ReadOnlyMemory<byte> Body);
