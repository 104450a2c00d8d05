namespace MailPace.Storage.Sandbox;

/// <summary>A message in the sandbox, without its raw content.</summary>
public sealed record SandboxMessage
{
    public required long Id { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string ReversePath { get; init; }

    public required string[] Recipients { get; init; }

    public string? HeaderTo { get; init; }

    public string? Subject { get; init; }

    /// <summary>Bytes of the raw message.</summary>
    public required int Size { get; init; }
}
