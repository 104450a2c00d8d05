using MailPace.Contracts;

namespace MailPace.SmtpEdge.Session;

/// <summary>What a RCPT says about notifications (RFC 3461).</summary>
/// <param name="Notify">NOTIFY, when it was given.</param>
/// <param name="OriginalRecipient">ORCPT, decoded: address type, semicolon, address.</param>
public readonly record struct RecipientDsn(DsnNotify? Notify, string? OriginalRecipient);
