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
    public required DateTimeOffset LastSignOfLife { get; init; }

    /// <summary>Ordinals of the recipients without a final outcome.</summary>
    public required int[] Ordinals { get; init; }
}
