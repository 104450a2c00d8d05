namespace MailPace.Storage.Accounts;

/// <summary>Whose Block List a bounce or a complaint puts an address into.</summary>
public enum SuppressionScope
{
    /// <summary>That of the domain that sent.</summary>
    Domain,

    /// <summary>That of the organisation, which counts for all its domains.</summary>
    Organisation,
}
