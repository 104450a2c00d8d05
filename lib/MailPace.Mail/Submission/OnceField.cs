namespace MailPace.Mail.Submission;

/// <summary>Fields that may stand once and whose repetition lets two readers see two messages (RFC 5322 §3.6, RFC 2045 §3).</summary>
[Flags]
internal enum OnceField
{
    None = 0,
    From = 1,
    Sender = 2,
    ReplyTo = 4,
    Subject = 8,
    Date = 16,
    MessageId = 32,
    MimeVersion = 64,
    ContentType = 128,
    ContentTransferEncoding = 256,
}
