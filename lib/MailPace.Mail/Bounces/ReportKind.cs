namespace MailPace.Mail.Bounces;

/// <summary>What a message that came to a return-path or feedback address is.</summary>
public enum ReportKind
{
    /// <summary>Nothing that says what became of an email: a person's reply, or anything else.</summary>
    None,

    /// <summary>An absence notice or another automatic answer (RFC 3834); the email arrived.</summary>
    AutoReply,

    /// <summary>A delivery status notification, in the standard form (RFC 3464) or another one.</summary>
    DeliveryStatus,

    /// <summary>A feedback report (RFC 5965), in the standard form or another one.</summary>
    Feedback,
}
