namespace MailPace.Contracts;

/// <summary>How long a fault lasts.</summary>
public enum FaultPermanence
{
    /// <summary>The same message may be taken later.</summary>
    Transient,

    /// <summary>This message won't be taken; another one may be.</summary>
    Message,

    /// <summary>No message will be taken for this address: a hard bounce.</summary>
    Address,
}
