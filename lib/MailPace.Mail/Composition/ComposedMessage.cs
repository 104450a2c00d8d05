namespace MailPace.Mail.Composition;

/// <summary>A composed message.</summary>
/// <param name="Message">MIME bytes with CRLF; 7-bit but for what SMTPUTF8 puts into the header.</param>
/// <param name="MessageId">With its angle brackets.</param>
/// <param name="SmtpUtf8">An address in the header has a non-ASCII local part. The envelope may need it still, for a Bcc.</param>
public sealed record ComposedMessage(ReadOnlyMemory<byte> Message, string MessageId, bool SmtpUtf8);
