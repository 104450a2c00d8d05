namespace MailPace.Storage.Accounts;

/// <summary>What became of new DKIM keys.</summary>
public enum KeyAddition
{
    /// <summary>They are the domain's first and sign at once.</summary>
    Signing,

    /// <summary>They sign when they are activated.</summary>
    Prepared,

    /// <summary>Nothing was added: the domain has prepared keys already.</summary>
    OthersPrepared,

    NoSuchDomain,
}
