namespace MailPace.Mail.Bounces;

/// <summary>What a report says became of one recipient (RFC 3464 §2.3.3).</summary>
public enum ReportedAction
{
    Failed,
    Delayed,
    Delivered,
    Relayed,
    Expanded,
}
