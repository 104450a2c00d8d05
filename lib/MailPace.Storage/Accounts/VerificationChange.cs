namespace MailPace.Storage.Accounts;

/// <summary>What became of a change of a domain's verification.</summary>
public enum VerificationChange
{
    Changed,
    NoSuchDomain,

    /// <summary>Another organisation has the name verified; a name is proved to one at a time.</summary>
    VerifiedElsewhere,
}
