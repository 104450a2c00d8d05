namespace MailPace.Mail.Submission;

/// <summary>
/// Why an email is not accepted, in the API's words (MailPace's contract, §1.2). The HTTP function adds the status,
/// <see cref="RefusalReplies"/> the SMTP reply. <see cref="Field"/> is set where the API answers <c>errors[field]</c>.
/// </summary>
public sealed record Refusal
{
    private Refusal(RefusalKind kind, string message, string? field = null, TimeSpan? retryAfter = null)
    {
        Kind = kind;
        Message = message;
        Field = field;
        RetryAfter = retryAfter;
    }

    public static Refusal MissingToken { get; } = new(RefusalKind.MissingToken, "Missing API Token");

    public static Refusal InvalidToken { get; } = new(RefusalKind.InvalidToken, "Invalid API Token");

    public static Refusal DkimNotVerified { get; } = new(RefusalKind.Forbidden, "Domain DKIM DNS not verified, please complete DKIM Verification");

    public static Refusal NoActivePlan { get; } = new(RefusalKind.Forbidden, "The organization that owns this domain does not have an active plan");

    public static Refusal OrganisationSuspended { get; } = new(RefusalKind.Forbidden, "This organization is unable to send emails. Please contact support");

    public static Refusal FromDomainMismatch { get; } = new(RefusalKind.Forbidden, "Verified domain does not match domain in From address of email");

    public static Refusal FromNotParseable { get; } = new(RefusalKind.Invalid, "Email from address not parseable");

    public static Refusal UnacceptableFormat { get; } = new(RefusalKind.NotAcceptable, "Invalid request format or content type");

    public static Refusal IdempotencyKeyTooLong { get; } = new(RefusalKind.Invalid, "is too long (maximum is 255 characters)", "idempotency_key");

    public static Refusal IdempotencyInProgress { get; } = new(RefusalKind.Conflict, "A request with this Idempotency-Key is in progress");

    public static Refusal IdempotencyMismatch { get; } = new(RefusalKind.Conflict, "Idempotency-Key was used with a different request");

    public static Refusal ExtensionBlocked { get; } = new(RefusalKind.Invalid, "Extension file type blocked, see Docs for full list of allowed file types", "attachments.name");

    public static Refusal BodyMissing { get; } = new(RefusalKind.Invalid, "can't be blank if textbody is blank", "htmlbody");

    public RefusalKind Kind { get; }

    public string Message { get; }

    /// <summary>The request's field that is at fault; null for a fault of the whole request.</summary>
    public string? Field { get; }

    /// <summary>When the same request may succeed.</summary>
    public TimeSpan? RetryAfter { get; }

    public static Refusal Undefined(string field) => new(RefusalKind.Invalid, "undefined field", field);

    public static Refusal Invalid(string field) => new(RefusalKind.Invalid, "is invalid", field);

    /// <summary>A fault that MailPace has no words for.</summary>
    public static Refusal InvalidBecause(string field, string message) => new(RefusalKind.Invalid, message, field);

    public static Refusal Malformed(string message) => new(RefusalKind.Invalid, message);

    public static Refusal Blocked(string field) => new(RefusalKind.Blocked, "contains a blocked address", field);

    public static Refusal TooMany(string field) => new(RefusalKind.TooManyRecipients, "number of email addresses exceeds maximum volume", field);

    public static Refusal TooLarge(int maximumMegabytes) => new(RefusalKind.TooLarge, FormattableString.Invariant($"Email is too large, the maximum is {maximumMegabytes} MB"));

    public static Refusal TooFast(TimeSpan retryAfter) => new(RefusalKind.TooFast, "You are sending emails too quickly", retryAfter: retryAfter);

    /// <summary>It could not be made durable; nothing was accepted.</summary>
    public static Refusal NotDurable(TimeSpan retryAfter) => new(RefusalKind.NotDurable, "The email could not be stored, please try again", retryAfter: retryAfter);
}
