namespace MailPace.Contracts.Directory;

public sealed record OrganisationEntry
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required OrganisationStatus Status { get; init; }
}
