using MailPace.Mail.Composition;

namespace MailPace.Send.Requests;

/// <summary>The fields of a request as they came; what was <c>null</c>, <c>""</c> or <c>[]</c> is absent.</summary>
internal sealed record SendRequest
{
    public string? From { get; set; }

    public string? To { get; set; }

    public string? Cc { get; set; }

    public string? Bcc { get; set; }

    public string? Subject { get; set; }

    public string? HtmlBody { get; set; }

    public string? TextBody { get; set; }

    public string? ReplyTo { get; set; }

    public string? InReplyTo { get; set; }

    public string? References { get; set; }

    public string? ListUnsubscribe { get; set; }

    public IReadOnlyList<OutgoingAttachment> Attachments { get; set; } = [];

    public IReadOnlyList<string> Tags { get; set; } = [];
}
