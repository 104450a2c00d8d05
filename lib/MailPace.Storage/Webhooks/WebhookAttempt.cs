namespace MailPace.Storage.Webhooks;

/// <summary>One attempt to post an event to an endpoint.</summary>
public sealed record WebhookAttempt
{
    public required DateTimeOffset At { get; init; }

    public required long EndpointId { get; init; }

    public required long EmailId { get; init; }

    public required string EventId { get; init; }

    public required string Event { get; init; }

    public required int Attempt { get; init; }

    public string? ReplayId { get; init; }

    /// <summary>Absent where no answer came; then <see cref="Fault"/> says why.</summary>
    public int? Status { get; init; }

    public string? Fault { get; init; }

    public required int DurationMs { get; init; }

    /// <summary>First bytes of the answer; untrusted text.</summary>
    public string? Response { get; init; }

    /// <summary>When it's tried again; absent: it isn't.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;
}
