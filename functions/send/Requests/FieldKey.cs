namespace MailPace.Send.Requests;

/// <summary>The keys that a request may have.</summary>
internal enum FieldKey
{
    Unknown,
    From,
    To,
    Cc,
    Bcc,
    Subject,
    HtmlBody,
    TextBody,
    ReplyTo,
    InReplyTo,
    References,
    ListUnsubscribe,
    Attachments,
    Tags,
}
