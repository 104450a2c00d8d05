namespace MailPace.Storage.Webhooks;

/// <summary>An endpoint that was paused because it failed, whose owner wasn't told yet.</summary>
public sealed record PausedEndpoint
{
    public required long Id { get; init; }

    public required string Domain { get; init; }

    public required string Url { get; init; }

    public required string PausedReason { get; init; }

    public required DateTimeOffset PausedAt { get; init; }

    /// <summary>Whom to tell; absent: nobody was named.</summary>
    public string? ContactAddress { get; init; }
}
