namespace MailPace.Deliver.Shaping;

/// <summary>What a process may take of a group's limits.</summary>
/// <param name="Connections">Connections at once.</param>
/// <param name="Rate">Messages per second; 0: no limit.</param>
/// <param name="ValidUntil">Timestamp after which others may have taken it over.</param>
/// <param name="SuspendedUntil">Timestamp until which nothing is sent.</param>
/// <param name="Reason">Why the group is suspended or slowed down.</param>
internal readonly record struct LaneGrant(int Connections, double Rate, long ValidUntil, long SuspendedUntil, string? Reason);
