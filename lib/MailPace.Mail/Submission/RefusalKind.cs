namespace MailPace.Mail.Submission;

/// <summary>Why an email isn't taken. The HTTP status and the SMTP reply follow from this.</summary>
public enum RefusalKind
{
    MissingToken,
    InvalidToken,
    DkimNotVerified,
    NoActivePlan,
    OrganisationSuspended,
    FromDomainMismatch,
    FromNotParseable,

    /// <summary>Content-Type or Accept isn't JSON.</summary>
    InvalidFormat,

    /// <summary>The request's body is empty, isn't JSON, or is no JSON object.</summary>
    BodyNotJson,

    /// <summary>A required field is absent.</summary>
    RecipientMissing,
    RecipientInvalid,
    RecipientBlocked,
    TooManyRecipients,

    /// <summary>A field other than an envelope one holds what it can't.</summary>
    FieldInvalid,

    /// <summary>Neither an HTML nor a text body.</summary>
    BodyMissing,
    AttachmentBlocked,
    TooLarge,
    TooFast,
    IdempotencyKeyTooLong,
    IdempotencyInProgress,
    IdempotencyMismatch,

    /// <summary>A submitted message isn't well-formed; see <see cref="MessageFault"/>.</summary>
    MessageMalformed,

    /// <summary>It couldn't be made durable: transient.</summary>
    NotDurable,
}
