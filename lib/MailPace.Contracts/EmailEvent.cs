namespace MailPace.Contracts;

/// <summary>What became of a job, as it stands in an EVENTS bundle. Additive change only.</summary>
public sealed record EmailEvent
{
    public required long EmailId { get; init; }

    public required int JobNumber { get; init; }

    public required int Attempt { get; init; }

    public required EmailEventKind Kind { get; init; }

    public required long OrganisationId { get; init; }

    public required long DomainId { get; init; }

    /// <summary>When the email was accepted: names the partition that holds its history.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    public required DateTimeOffset At { get; init; }

    public IReadOnlyList<RecipientOutcome> Outcomes { get; init; } = [];

    /// <summary>Host name of the remote, when one was reached.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>IP address and port of the remote, when one was reached.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>TLS version and cipher of the conversation; absent when in clear.</summary>
    public string? Tls { get; init; }

    /// <summary>What was demanded of TLS, such as <c>dane</c>, <c>mta-sts enforce</c> or <c>opportunistic</c>; absent where no host was chosen.</summary>
    public string? TlsPolicy { get; init; }

    /// <summary>TLS sessions that were made, and policies that weren't met; absent where there were none.</summary>
    public IReadOnlyList<TlsSession>? TlsSessions { get; init; }

    /// <summary>Duration of the attempt in milliseconds.</summary>
    public int DurationMilliseconds { get; init; }

    /// <summary>When the deferred recipients are tried again.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Why, in words, for <see cref="EmailEventKind.Uncertain"/> and <see cref="EmailEventKind.Redriven"/>.</summary>
    public string? Reason { get; init; }

    public string? TraceParent { get; init; }
}
