using MailPace.Contracts.Shaping;

namespace MailPace.Deliver.Shaping;

/// <summary>
/// What a process writes into a group's entry, and what it may take then. Specification:
/// <list type="bullet">
/// <item>Each process gets its fair share of the limits by what all say that they want.</item>
/// <item>Never more than what the others' leases leave: who came later waits until they have renewed theirs.</item>
/// <item>Connections that are still open count until they're closed, whatever the share is by now.</item>
/// </list>
/// </summary>
internal static class LeaseRenewal
{
    /// <summary>A rate of 0 would be no limit.</summary>
    private const double Standstill = 1e-9;

    public static RenewedLease Renew(GroupState state, GroupLease wanted, int open, GroupLimits limits, Func<GroupLease, bool> isAlive)
    {
        List<GroupLease> others = [.. state.Leases.Where(lease => lease.Process != wanted.Process && isAlive(lease))];
        List<GroupLease> all = [.. others.Append(wanted).OrderBy(lease => lease.Process, StringComparer.Ordinal)];
        var index = all.FindIndex(lease => lease.Process == wanted.Process);

        var limit = Math.Max(1, (int)(limits.Connections * state.Pace));
        var share = FairShare.Of(limit, [.. all.Select(lease => lease.WantedConnections)], index);
        var connections = Math.Max(0, Math.Min(share, limit - others.Sum(lease => lease.Connections)));

        var rateLimit = limits.Rate * state.Pace;
        var rateShare = FairShare.Of(rateLimit, [.. all.Select(lease => lease.WantedRate)], index);
        var rate = rateLimit == 0 ? 0 : Math.Max(Standstill, Math.Min(rateShare, rateLimit - others.Sum(lease => lease.Rate)));

        var lease = wanted with
        {
            Beat = (state.Leases.FirstOrDefault(each => each.Process == wanted.Process)?.Beat ?? 0) + 1,
            Connections = Math.Max(open, connections),
            Rate = rate,
        };
        return new RenewedLease(state with { Connections = limits.Connections, Rate = limits.Rate, Leases = [.. others, lease] }, connections, rate);
    }
}
