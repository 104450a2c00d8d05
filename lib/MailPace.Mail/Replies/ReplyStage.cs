namespace MailPace.Mail.Replies;

/// <summary>What of a conversation a reply answered. "User unknown" means more in reply to RCPT than after the message.</summary>
public enum ReplyStage
{
    /// <summary>Nobody said.</summary>
    Unknown,

    /// <summary>Before the envelope: connection, greeting, EHLO, STARTTLS, AUTH.</summary>
    Session,

    /// <summary>MAIL.</summary>
    Sender,

    /// <summary>RCPT.</summary>
    Recipient,

    /// <summary>DATA and the message.</summary>
    Message,
}
