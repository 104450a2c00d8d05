namespace MailPace.Contracts.Shaping;

/// <summary>
/// What all <c>deliver</c> processes know of an MX group: how they share its limits, and how far the group is slowed down. An entry of the
/// bucket <see cref="Streams.Shaping"/>, changed by compare-and-set.
/// </summary>
public sealed record GroupState
{
    /// <summary>A process that is gone keeps its share for so long.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(5);

    public IReadOnlyList<GroupLease> Leases { get; init; } = [];

    /// <summary>The limits without slowing down, for who reads the entry.</summary>
    public int Connections { get; init; }

    /// <summary>Messages per second; 0: no limit.</summary>
    public double Rate { get; init; }

    /// <summary>Share of the limits that is used now: 1, or less while the group is slowed down.</summary>
    public double Pace { get; init; } = 1;

    /// <summary>When the pace changed last.</summary>
    public DateTimeOffset? PaceChangedAt { get; init; }

    /// <summary>Since when the group is slower than its limits.</summary>
    public DateTimeOffset? SlowedSince { get; init; }

    /// <summary>Until when nothing is sent to it.</summary>
    public DateTimeOffset? SuspendedUntil { get; init; }

    /// <summary>How often it asked for less without having taken a message in between.</summary>
    public int Strikes { get; init; }

    /// <summary>The reply that slowed it down last; a remote's text.</summary>
    public string? Reason { get; init; }
}
