namespace MailPace.Storage.Sandbox;

/// <summary>A message that the sandbox received.</summary>
public sealed record NewSandboxMessage
{
    public required string ReversePath { get; init; }

    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>The decoded header To.</summary>
    public string? HeaderTo { get; init; }

    /// <summary>The decoded subject.</summary>
    public string? Subject { get; init; }

    public required ReadOnlyMemory<byte> Raw { get; init; }
}
