namespace MailPace.Contracts.Shaping;

/// <summary>What one <c>deliver</c> process may take of a group's limits.</summary>
public sealed record GroupLease
{
    /// <summary>Id of the process, a new one at each start.</summary>
    public required string Process { get; init; }

    /// <summary>Counts renewals. One that stands still for <see cref="GroupState.LeaseTime"/>, by the clock of who looks, is a lease of a process that is gone.</summary>
    public required long Beat { get; init; }

    /// <summary>Connections that it may have, or still has.</summary>
    public required int Connections { get; init; }

    /// <summary>Connections that it could use.</summary>
    public required int WantedConnections { get; init; }

    /// <summary>Messages per second that it may begin; 0 where the group has no such limit.</summary>
    public double Rate { get; init; }

    /// <summary>Messages per second that it could begin.</summary>
    public double WantedRate { get; init; }

    /// <summary>Jobs that it gave back in the last seconds since the limits left no room.</summary>
    public int GivenBack { get; init; }
}
