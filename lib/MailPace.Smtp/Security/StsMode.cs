namespace MailPace.Smtp.Security;

/// <summary>What a domain wants done about its MTA-STS policy (RFC 8461 §5).</summary>
public enum StsMode
{
    /// <summary>Nothing: the policy is withdrawn.</summary>
    None,

    /// <summary>Deliver all the same, and report.</summary>
    Testing,

    /// <summary>Don't deliver to hosts that don't meet it.</summary>
    Enforce,
}
