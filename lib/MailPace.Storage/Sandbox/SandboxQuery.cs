namespace MailPace.Storage.Sandbox;

/// <summary>Which messages of the sandbox to list, newest first.</summary>
public sealed record SandboxQuery
{
    /// <summary>Part of an envelope recipient or of the header To, compared without case.</summary>
    public string? To { get; init; }

    /// <summary>Part of the subject, compared without case.</summary>
    public string? Subject { get; init; }

    public DateTimeOffset? Since { get; init; }

    public int Limit { get; init; } = 100;
}
