using MailPace.Contracts;

namespace MailPace.Storage.Webhooks;

/// <summary>What webhooks tell of an email, from history.</summary>
public sealed record RecordedEmail
{
    public required long Id { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required long DomainId { get; init; }

    public required string HeaderFrom { get; init; }

    public required string MessageId { get; init; }

    public string? Subject { get; init; }

    public required string[] Tags { get; init; }

    public string? BlobKey { get; init; }

    /// <summary>The message; null when it's in the blob store, or gone.</summary>
    public byte[]? Content { get; init; }

    public IReadOnlyList<EnvelopeRecipient> Recipients { get; init; } = [];

    public IReadOnlyList<RecordedOutcome> Outcomes { get; init; } = [];
}
