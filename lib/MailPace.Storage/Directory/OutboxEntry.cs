namespace MailPace.Storage.Directory;

/// <summary>A change on its way to the bucket <c>directory</c>.</summary>
public sealed record OutboxEntry
{
    public required long Id { get; init; }

    public required string Key { get; init; }

    /// <summary>JSON of the entry; absent when the key is deleted.</summary>
    public string? Value { get; init; }
}
