namespace MailPace.Storage.History;

/// <summary>An email as its organisation's list shows it.</summary>
public sealed record EmailListing
{
    public required long Id { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required long DomainId { get; init; }

    public required string Domain { get; init; }

    public required string HeaderFrom { get; init; }

    public string? Subject { get; init; }

    public required string[] Tags { get; init; }

    public required int Recipients { get; init; }

    /// <summary>Address of the first recipient.</summary>
    public required string FirstRecipient { get; init; }

    /// <summary>The states its recipients are in, each once, in history's words.</summary>
    public required string[] States { get; init; }

    public EmailCursor Cursor => new(AcceptedAt, Id);
}
