namespace MailPace.Mail.Submission;

/// <summary>Classes of refusals that HTTP and SMTP answer differently.</summary>
public enum RefusalKind
{
    MissingToken,
    InvalidToken,
    Forbidden,
    Invalid,
    Blocked,
    TooManyRecipients,
    TooLarge,
    TooFast,
    NotAcceptable,
    Conflict,
    NotDurable,
}
