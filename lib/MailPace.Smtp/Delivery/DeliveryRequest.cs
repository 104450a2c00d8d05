using MailPace.Contracts;
using MailPace.Smtp.Connections;

namespace MailPace.Smtp.Delivery;

/// <summary>One message for recipients that share a route.</summary>
public sealed record DeliveryRequest
{
    public required Route Route { get; init; }

    /// <summary>The recipients' domain, whose configured TLS counts; default: the one whose mail exchangers are used.</summary>
    public string? RecipientDomain { get; init; }

    /// <summary>Bare address; empty for the null reverse-path.</summary>
    public required string ReversePath { get; init; }

    public required IReadOnlyList<JobRecipient> Recipients { get; init; }

    public required MessageContent Content { get; init; }

    /// <summary>Bytes of the message before dot-stuffing.</summary>
    public required long Size { get; init; }

    public bool SmtpUtf8 { get; init; }

    public bool EightBitMime { get; init; }

    /// <summary>What its connections count for; absent where nobody counts.</summary>
    public ConnectionQuota? Quota { get; init; }

    /// <summary>How long the whole attempt may take; what is unanswered then has timed out. Default: as long as its steps may.</summary>
    public TimeSpan TimeLimit { get; init; } = Timeout.InfiniteTimeSpan;
}
