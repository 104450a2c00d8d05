using MailPace.Mail.Addresses;

namespace MailPace.Mail.Composition;

/// <summary>What becomes a message. Bcc isn't here: it belongs to the envelope only.</summary>
public sealed record OutgoingEmail
{
    public required Mailbox From { get; init; }

    public required IReadOnlyList<Mailbox> To { get; init; }

    public IReadOnlyList<Mailbox> Cc { get; init; } = [];

    public IReadOnlyList<Mailbox> ReplyTo { get; init; } = [];

    public string? Subject { get; init; }

    public string? HtmlBody { get; init; }

    public string? TextBody { get; init; }

    /// <summary>A message-id.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>Message-ids, separated by white space.</summary>
    public string? References { get; init; }

    /// <summary>The whole value of List-Unsubscribe (RFC 2369).</summary>
    public string? ListUnsubscribe { get; init; }

    public IReadOnlyList<OutgoingAttachment> Attachments { get; init; } = [];
}
