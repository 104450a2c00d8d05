namespace MailPace.Contracts.Directory;

/// <summary>Whose list an address stands in: a domain's, or an organisation's, which counts for all of its domains.</summary>
/// <param name="Number">Id of the domain, or the organisation's id with a minus: one number that no two owners share.</param>
public readonly record struct ListOwner(long Number)
{
    public static ListOwner OfDomain(long id) => new(id);

    public static ListOwner OfOrganisation(long id) => new(-id);

    public long? DomainId => Number > 0 ? Number : null;

    public long? OrganisationId => Number < 0 ? -Number : null;
}
