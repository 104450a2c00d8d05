using System.Globalization;

namespace MailPace.Mail.Submission;

/// <summary>The API's words, in one place for HTTP and SMTP. Clients compare them: they don't change.</summary>
public static class RefusalWords
{
    /// <param name="kind">Why.</param>
    /// <param name="limitMegabytes">The limit that <see cref="RefusalKind.TooLarge"/> names.</param>
    internal static string For(RefusalKind kind, long limitMegabytes) => kind switch
    {
        RefusalKind.MissingToken => "Missing API Token",
        RefusalKind.InvalidToken => "Invalid API Token",
        RefusalKind.DkimNotVerified => "Domain DKIM DNS not verified, please complete DKIM Verification",
        RefusalKind.NoActivePlan => "The organization that owns this domain does not have an active plan",
        RefusalKind.OrganisationSuspended => "This organization is unable to send emails. Please contact support",
        RefusalKind.FromDomainMismatch => "Verified domain does not match domain in From address of email",
        RefusalKind.FromNotParseable => "Email from address not parseable",
        RefusalKind.InvalidFormat => "Invalid request format or content type",
        RefusalKind.BodyNotJson => "Request body is not a valid JSON object",
        RefusalKind.RecipientMissing => "undefined field",
        RefusalKind.RecipientInvalid => "is invalid",
        RefusalKind.RecipientBlocked => "contains a blocked address",
        RefusalKind.TooManyRecipients => "number of email addresses exceeds maximum volume",
        RefusalKind.FieldInvalid => "is invalid",
        RefusalKind.BodyMissing => "can't be blank if textbody is blank",
        RefusalKind.AttachmentBlocked => "Extension file type blocked, see Docs for full list of allowed file types",
        RefusalKind.TooLarge => string.Create(CultureInfo.InvariantCulture, $"Email is too large, the maximum is {limitMegabytes} MB"),
        RefusalKind.TooFast => "You are sending emails too quickly",
        RefusalKind.IdempotencyKeyTooLong => "is too long (maximum is 255 characters)",
        RefusalKind.IdempotencyInProgress => "A request with this Idempotency-Key is in progress",
        RefusalKind.IdempotencyMismatch => "Idempotency-Key was used with a different request",
        RefusalKind.MessageMalformed => "Message is not well-formed",
        RefusalKind.NotDurable => "Email could not be stored, please try again",
    };
}
