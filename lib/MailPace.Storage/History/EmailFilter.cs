using MailPace.Contracts;

namespace MailPace.Storage.History;

/// <summary>Which of an organisation's emails to list, newest first. What is absent admits all.</summary>
public sealed record EmailFilter
{
    public required long OrganisationId { get; init; }

    public long? DomainId { get; init; }

    /// <summary>At least one recipient is in this state.</summary>
    public RecipientState? State { get; init; }

    /// <summary>At least one recipient has this address, compared without case.</summary>
    public string? Recipient { get; init; }

    /// <summary>The address of the header From, compared without case.</summary>
    public string? From { get; init; }

    /// <summary>A part of the subject, compared without case.</summary>
    public string? Subject { get; init; }

    /// <summary>One of its tags.</summary>
    public string? Tag { get; init; }

    /// <summary>Accepted at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Accepted before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Goes on behind this email.</summary>
    public EmailCursor? After { get; init; }

    public int Limit { get; init; } = 50;
}
