using MailPace.Contracts;

namespace MailPace.Storage.History;

/// <summary>Everything that history knows of one email.</summary>
public sealed record EmailHistory
{
    public required long Id { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required long OrganisationId { get; init; }

    public required long DomainId { get; init; }

    public required long TokenId { get; init; }

    public required string Domain { get; init; }

    public required EmailSource Source { get; init; }

    public required string HeaderFrom { get; init; }

    public string? ReversePath { get; init; }

    public required string MessageId { get; init; }

    public string? Subject { get; init; }

    public required string[] Tags { get; init; }

    public required int Size { get; init; }

    public string? BlobKey { get; init; }

    public required int MailPartition { get; init; }

    public required long MailSequence { get; init; }

    public IReadOnlyList<RecipientHistory> Recipients { get; init; } = [];

    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];
}
