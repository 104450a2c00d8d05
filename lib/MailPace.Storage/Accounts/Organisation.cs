using MailPace.Contracts.Directory;

namespace MailPace.Storage.Accounts;

public sealed record Organisation
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required OrganisationStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    internal OrganisationEntry ToEntry() => new() { Id = Id, Name = Name, Status = Status };
}
