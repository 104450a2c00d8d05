using MailPace.Storage.History;

namespace MailPace.Dashboard.Emails;

/// <summary>An email in a list.</summary>
internal sealed record EmailSummaryBody
{
    public required long Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long DomainId { get; init; }

    public required string From { get; init; }

    /// <summary>The first recipient.</summary>
    public required string To { get; init; }

    /// <summary>How many recipients there are.</summary>
    public required int Recipients { get; init; }

    public string? Subject { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The states that its recipients are in, each once.</summary>
    public required IReadOnlyList<string> Statuses { get; init; }

    public static EmailSummaryBody Of(EmailListing email) => new()
    {
        Id = email.Id,
        CreatedAt = email.AcceptedAt,
        DomainId = email.DomainId,
        From = email.HeaderFrom,
        To = email.FirstRecipient,
        Recipients = email.Recipients,
        Subject = email.Subject,
        Tags = email.Tags,
        Statuses = email.States,
    };
}
