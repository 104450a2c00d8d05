namespace MailPace.Storage.History;

/// <summary>How far a stream is projected.</summary>
public sealed record StreamCursor
{
    public required string Stream { get; init; }

    /// <summary>Every message up to this sequence is projected; 0 before the first.</summary>
    public required long Sequence { get; init; }

    /// <summary>Creation time of the stream whose sequences these are.</summary>
    public required DateTimeOffset StreamCreatedAt { get; init; }

    public required DateTimeOffset MovedAt { get; init; }
}
