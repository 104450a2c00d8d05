namespace MailPace.Contracts;

/// <summary>Why a recipient didn't get an email; each belongs to one <see cref="FaultOwner"/>.</summary>
public enum FaultReason
{
    Unknown,

    /// <summary>Recipient: there is no such mailbox.</summary>
    UnknownRecipient,

    /// <summary>Recipient: the mailbox is elsewhere, or is no more.</summary>
    Moved,

    /// <summary>Recipient: the mailbox takes no more until something is deleted.</summary>
    MailboxFull,

    /// <summary>Recipient: the account is disabled, suspended or inactive; it may come back.</summary>
    Disabled,

    /// <summary>Infrastructure: the recipient's domain doesn't exist.</summary>
    DomainNotFound,

    /// <summary>Infrastructure: the domain or host takes no mail (null MX, 521, 556).</summary>
    NoMailService,

    /// <summary>Infrastructure: a name couldn't be looked up.</summary>
    Dns,

    /// <summary>Infrastructure: no connection, or a lost one.</summary>
    Connection,

    /// <summary>Infrastructure: TLS failed, or is wanted.</summary>
    Tls,

    /// <summary>Infrastructure: the receiving system is out of order or overloaded.</summary>
    System,

    /// <summary>Infrastructure: a routing loop, or no way to the host.</summary>
    Routing,

    /// <summary>Infrastructure: it was tried for too long; what kept it isn't said.</summary>
    Expired,

    /// <summary>Infrastructure: the conversation went wrong (bad sequence, syntax).</summary>
    Protocol,

    /// <summary>Policy: greylisted; the next attempt is taken.</summary>
    Greylisted,

    /// <summary>Policy: taken for spam.</summary>
    Spam,

    /// <summary>Policy: taken for malware.</summary>
    Virus,

    /// <summary>Policy: the form or the parts of the message.</summary>
    Content,

    /// <summary>Policy: the message is too large.</summary>
    Size,

    /// <summary>Policy: SPF, DKIM, DMARC, reverse DNS, or authentication wanted.</summary>
    Authentication,

    /// <summary>Policy: the sender's address or domain isn't taken.</summary>
    SenderRejected,

    /// <summary>Policy: the host doesn't relay for this address.</summary>
    RelayDenied,

    /// <summary>Policy: another rule of the receiving side, or of the recipient.</summary>
    Rejected,

    /// <summary>Reputation: on a block list, or of bad reputation.</summary>
    BlockList,

    /// <summary>Reputation: too much at a time.</summary>
    Rate,
}
