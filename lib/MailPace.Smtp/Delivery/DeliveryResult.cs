using MailPace.Contracts;

namespace MailPace.Smtp.Delivery;

/// <summary>What became of one delivery attempt.</summary>
public sealed record DeliveryResult
{
    /// <summary>The host that decided: the one that took the message, otherwise the last one that was tried.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>Its IP address and port.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>TLS version and cipher; absent when in clear.</summary>
    public string? Tls { get; init; }

    /// <summary>What was demanded of TLS, such as <c>dane</c>, <c>mta-sts enforce</c> or <c>opportunistic</c>; absent where no host was chosen.</summary>
    public string? TlsPolicy { get; init; }

    /// <summary>Sessions that were made and policies that weren't met, for reports.</summary>
    public IReadOnlyList<TlsSession> TlsSessions { get; init; } = [];

    public required TimeSpan Duration { get; init; }

    /// <summary>One per recipient of the request, in its order.</summary>
    public required IReadOnlyList<RecipientOutcome> Outcomes { get; init; }

    /// <summary>The connection was lost after the final dot: the remote may have the message, and gets it again.</summary>
    public bool IsUncertain { get; init; }
}
