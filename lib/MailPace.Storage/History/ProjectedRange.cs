namespace MailPace.Storage.History;

/// <summary>The part of a stream that a batch projects.</summary>
/// <param name="Stream">Name of the stream.</param>
/// <param name="From">Where the cursor must stand before.</param>
/// <param name="To">Where it stands after: the batch's last sequence.</param>
public readonly record struct ProjectedRange(string Stream, long From, long To);
