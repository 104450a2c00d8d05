namespace MailPace.Contracts;

/// <summary>Where a recipient is named in the header; <see cref="Bcc"/> is named nowhere.</summary>
public enum RecipientKind
{
    To,
    Cc,
    Bcc,
}
