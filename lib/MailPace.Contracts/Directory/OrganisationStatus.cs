namespace MailPace.Contracts.Directory;

public enum OrganisationStatus
{
    Active,

    /// <summary>No active plan: sending is refused.</summary>
    NoPlan,

    /// <summary>Disabled by the operator: sending is refused.</summary>
    Suspended,
}
