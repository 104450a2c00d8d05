using MailPace.Mail.Headers;

namespace MailPace.Mail.Submission;

internal static class OnceFields
{
    public static OnceField Of(ReadOnlySpan<byte> message, HeaderField field) => field.NameLength switch
    {
        4 when field.Is(message, "From"u8) => OnceField.From,
        4 when field.Is(message, "Date"u8) => OnceField.Date,
        6 when field.Is(message, "Sender"u8) => OnceField.Sender,
        7 when field.Is(message, "Subject"u8) => OnceField.Subject,
        8 when field.Is(message, "Reply-To"u8) => OnceField.ReplyTo,
        10 when field.Is(message, "Message-ID"u8) => OnceField.MessageId,
        12 when field.Is(message, "MIME-Version"u8) => OnceField.MimeVersion,
        12 when field.Is(message, "Content-Type"u8) => OnceField.ContentType,
        25 when field.Is(message, "Content-Transfer-Encoding"u8) => OnceField.ContentTransferEncoding,
        _ => OnceField.None,
    };
}
