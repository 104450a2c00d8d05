namespace MailPace.Storage.Reconciling;

/// <summary>A job that history knows no outcome of, with its recipients that are still open.</summary>
public sealed record OpenJob
{
    public required long EmailId { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required int JobNumber { get; init; }

    public required long OrganisationId { get; init; }

    public required long DomainId { get; init; }

    public required int MailPartition { get; init; }

    public required long MailSequence { get; init; }

    /// <summary>The last attempt whose outcome is recorded; 0 before the first.</summary>
    public required int Attempt { get; init; }

    /// <summary>How often it was re-driven.</summary>
    public required int Redrives { get; init; }

    /// <summary>The latest of: accepted, last event, next attempt due.</summary>
    public required DateTimeOffset LastSignAt { get; init; }

    /// <summary>Its place in the walk: the last sign of its recipient that was silent longest, of those met.</summary>
    public required DateTimeOffset QuietAt { get; init; }

    /// <summary>Ordinals of the recipients without a final outcome.</summary>
    public required int[] Ordinals { get; init; }
}
