namespace MailPace.Mail.Submission;

/// <summary>
/// An email that isn't taken, with the API's words. With a <see cref="Field"/> the API answers
/// <c>{"errors":{field:[message]}}</c>, without <c>{"error":message}</c>.
/// </summary>
public sealed record Refusal
{
    public static readonly Refusal MissingToken = new(RefusalKind.MissingToken);
    public static readonly Refusal InvalidToken = new(RefusalKind.InvalidToken);
    public static readonly Refusal DkimNotVerified = new(RefusalKind.DkimNotVerified);
    public static readonly Refusal NoActivePlan = new(RefusalKind.NoActivePlan);
    public static readonly Refusal OrganisationSuspended = new(RefusalKind.OrganisationSuspended);
    public static readonly Refusal FromDomainMismatch = new(RefusalKind.FromDomainMismatch);
    public static readonly Refusal FromNotParseable = new(RefusalKind.FromNotParseable);
    public static readonly Refusal InvalidFormat = new(RefusalKind.InvalidFormat);
    public static readonly Refusal BodyNotJson = new(RefusalKind.BodyNotJson);
    public static readonly Refusal BodyMissing = new(RefusalKind.BodyMissing, "htmlbody");
    public static readonly Refusal AttachmentBlocked = new(RefusalKind.AttachmentBlocked, "attachments.name");
    public static readonly Refusal IdempotencyKeyTooLong = new(RefusalKind.IdempotencyKeyTooLong, "idempotency_key");
    public static readonly Refusal IdempotencyInProgress = new(RefusalKind.IdempotencyInProgress);
    public static readonly Refusal IdempotencyMismatch = new(RefusalKind.IdempotencyMismatch);

    private Refusal(RefusalKind kind, string? field = null, long limitMegabytes = 0)
    {
        Kind = kind;
        Field = field;
        Message = RefusalWords.For(kind, limitMegabytes);
    }

    public RefusalKind Kind { get; }

    /// <summary>The API field at fault.</summary>
    public string? Field { get; }

    public string Message { get; }

    /// <summary>When to come back, for what passes.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>What is wrong with a submitted message.</summary>
    public MessageFault? Fault { get; private init; }

    /// <param name="field"><c>to</c>, <c>cc</c>, <c>bcc</c> or <c>from</c>.</param>
    public static Refusal RecipientMissing(string field) => new(RefusalKind.RecipientMissing, field);

    public static Refusal RecipientInvalid(string field) => new(RefusalKind.RecipientInvalid, field);

    public static Refusal RecipientBlocked(string field) => new(RefusalKind.RecipientBlocked, field);

    public static Refusal TooManyRecipients(string field) => new(RefusalKind.TooManyRecipients, field);

    public static Refusal FieldInvalid(string field) => new(RefusalKind.FieldInvalid, field);

    /// <param name="maxBytes">The limit; the words name it in MB.</param>
    public static Refusal TooLarge(long maxBytes) => new(RefusalKind.TooLarge, limitMegabytes: maxBytes >> 20 is var mebi and > 0 ? mebi : 1);

    public static Refusal TooFast(TimeSpan retryAfter) => new(RefusalKind.TooFast) { RetryAfter = retryAfter };

    public static Refusal NotDurable(TimeSpan retryAfter) => new(RefusalKind.NotDurable) { RetryAfter = retryAfter };

    /// <summary>A submitted message that <c>SubmittedMessage</c> refused.</summary>
    public static Refusal Of(MessageFault fault)
        => fault is MessageFault.FromMissing or MessageFault.FromNotParseable or MessageFault.FromRepeated
            ? new(RefusalKind.FromNotParseable) { Fault = fault }
            : fault is MessageFault.SenderDomainMismatch
                ? new(RefusalKind.FromDomainMismatch) { Fault = fault }
                : new(RefusalKind.MessageMalformed) { Fault = fault };
}
