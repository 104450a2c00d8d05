namespace MailPace.Smtp.Delivery;

/// <summary>
/// A message in CRLF lines: segments in memory, then, for a large one, what a stream yields. The stream is opened for each
/// attempt at a host, read once and disposed.
/// </summary>
/// <param name="Segments">Bytes in order; nothing is copied from them.</param>
/// <param name="OpenTail">Opens what follows the segments; absent when they are all.</param>
public sealed record MessageContent(IReadOnlyList<ReadOnlyMemory<byte>> Segments, Func<CancellationToken, Task<Stream>>? OpenTail = null);
