namespace MailPace.Contracts.Directory;

public sealed record DkimKeysEntry
{
    public required long DomainId { get; init; }

    public required string Domain { get; init; }

    public required IReadOnlyList<DkimKeyEntry> Keys { get; init; }
}
