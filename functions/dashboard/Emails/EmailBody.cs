using MailPace.Contracts;
using MailPace.Storage.History;

namespace MailPace.Dashboard.Emails;

/// <summary>Everything that is known of one email.</summary>
internal sealed record EmailBody
{
    public required long Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long DomainId { get; init; }

    public required EmailSource Source { get; init; }

    public required string From { get; init; }

    public string? Subject { get; init; }

    public required string MessageId { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required int Size { get; init; }

    public required IReadOnlyList<RecipientBody> Recipients { get; init; }

    public static EmailBody Of(EmailHistory email) => new()
    {
        Id = email.Id,
        CreatedAt = email.AcceptedAt,
        DomainId = email.DomainId,
        Source = email.Source,
        From = email.HeaderFrom,
        Subject = email.Subject,
        MessageId = email.MessageId,
        Tags = email.Tags,
        Size = email.Size,
        Recipients = [.. email.Recipients.Select(recipient => RecipientBody.Of(recipient, email.Timeline))],
    };
}
