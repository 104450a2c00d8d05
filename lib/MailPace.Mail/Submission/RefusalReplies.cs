using MailPace.Mail.Replies;

namespace MailPace.Mail.Submission;

/// <summary>The SMTP reply for each refusal: the API's words with the codes of RFC 5321, RFC 3463 and RFC 4954.</summary>
public static class RefusalReplies
{
    public static Reply For(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.MissingToken => Say(refusal, 530, 7, 0),
        RefusalKind.InvalidToken => Say(refusal, 535, 7, 8),
        RefusalKind.DkimNotVerified => Say(refusal, 550, 7, 1),
        RefusalKind.NoActivePlan => Say(refusal, 550, 7, 1),
        RefusalKind.OrganisationSuspended => Say(refusal, 550, 7, 1),
        RefusalKind.FromDomainMismatch => Say(refusal, 550, 7, 1),
        RefusalKind.FromNotParseable => Say(refusal, 550, 6, 0),
        RefusalKind.InvalidFormat => Say(refusal, 554, 6, 0),
        RefusalKind.BodyNotJson => Say(refusal, 554, 6, 0),
        RefusalKind.RecipientMissing => new Reply(554, new EnhancedStatusCode(5, 5, 1), "No valid recipients"),
        RefusalKind.RecipientInvalid => new Reply(553, new EnhancedStatusCode(5, 1, 3), "Recipient address is invalid"),
        RefusalKind.RecipientBlocked => new Reply(550, new EnhancedStatusCode(5, 7, 1), "Recipient is a blocked address"),

        // RFC 5321 §4.5.3.1.10: "452 too many recipients", so that the client sends the rest later.
        RefusalKind.TooManyRecipients => new Reply(452, new EnhancedStatusCode(4, 5, 3), "The number of email addresses exceeds maximum volume"),
        RefusalKind.FieldInvalid => new Reply(554, new EnhancedStatusCode(5, 6, 0), $"Header field {refusal.Field} is invalid"),
        RefusalKind.BodyMissing => new Reply(554, new EnhancedStatusCode(5, 6, 0), "Email has no body"),
        RefusalKind.AttachmentBlocked => Say(refusal, 552, 7, 1),
        RefusalKind.TooLarge => Say(refusal, 552, 3, 4),
        RefusalKind.TooFast => Say(refusal, 451, 7, 1),
        RefusalKind.IdempotencyKeyTooLong => new Reply(554, new EnhancedStatusCode(5, 6, 0), "The idempotency key is too long (maximum is 255 characters)"),
        RefusalKind.IdempotencyInProgress => Say(refusal, 451, 5, 0),
        RefusalKind.IdempotencyMismatch => Say(refusal, 554, 5, 0),
        RefusalKind.MessageMalformed => new Reply(554, new EnhancedStatusCode(5, 6, 0), Explain(refusal.Fault ?? MessageFault.None)),
        RefusalKind.NotDurable => Say(refusal, 451, 3, 0),
    };

    private static Reply Say(Refusal refusal, int code, int subject, int detail)
        => new(code, new EnhancedStatusCode(code / 100, subject, detail), refusal.Message);

    private static string Explain(MessageFault fault) => fault switch
    {
        MessageFault.None or MessageFault.FromMissing or MessageFault.FromRepeated
            or MessageFault.FromNotParseable or MessageFault.SenderDomainMismatch => "Message is not well-formed",
        MessageFault.BareLineBreak => "Message has a bare CR or LF (RFC 5321 section 2.3.8)",
        MessageFault.Nul => "Message has a NUL octet",
        MessageFault.HeaderTooLong => "Message header is too long, or has a line longer than 998 octets",
        MessageFault.HeaderMalformed => "Message header is malformed (RFC 5322 section 2.2)",
        MessageFault.HeaderNotUtf8 => "Message header is neither ASCII nor UTF-8",
        MessageFault.FieldRepeated => "Message header repeats a field that may stand once (RFC 5322 section 3.6)",
    };
}
