namespace MailPace.Contracts;

/// <summary>How an email was handed in.</summary>
public enum EmailSource
{
    Api,
    Smtp,
}
