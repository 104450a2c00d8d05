namespace MailPace.Contracts;

/// <summary>The reconciler asks <c>sign</c> to make a lost job again from MAIL.</summary>
public sealed record RedriveRequest
{
    public required long EmailId { get; init; }

    public required int JobNumber { get; init; }

    /// <summary>The attempt number of the new job.</summary>
    public required int Attempt { get; init; }

    /// <summary>Ordinals of the recipients without a final outcome.</summary>
    public required IReadOnlyList<int> Ordinals { get; init; }

    public required int MailPartition { get; init; }

    /// <summary>Stream sequence of the bundle in <c>MAIL-&lt;partition&gt;</c>.</summary>
    public required long MailSequence { get; init; }

    public string? Reason { get; init; }
}
