namespace MailPace.Contracts;

/// <summary>Whose fault it is that a recipient didn't get an email.</summary>
public enum FaultOwner
{
    /// <summary>The reply says nothing that is known. Never suppresses.</summary>
    Unknown,

    /// <summary>The recipient's address or mailbox. The only owner whose permanent faults may suppress.</summary>
    Recipient,

    /// <summary>DNS, connections, TLS, systems.</summary>
    Infrastructure,

    /// <summary>What the receiving side doesn't take: content, spam, authentication, size.</summary>
    Policy,

    /// <summary>How the sending addresses are known: block lists, rates.</summary>
    Reputation,
}
