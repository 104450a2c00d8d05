using System.Collections.Concurrent;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Resolution;

namespace MailPace.Deliver.Shaping;

/// <summary>
/// Finds the MX group of a route: by the name of the best mail exchanger, so that all domains of one operator count together. Jobs whose DNS
/// doesn't answer soon form a group by domain: they have their own limits and keep no handlers.
/// </summary>
internal sealed class GroupFinder(MxGroups groups, MxResolver resolver, TimeProvider time)
{
    private const int Kept = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FoundFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MissingFor = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Lookup> _lookups = new();

    public ValueTask<string> FindAsync(Route route) => route.Match(mx => FindAsync(mx.Domain), host => ValueTask.FromResult(groups.GroupOf(host.Host.ToLowerInvariant())));

    private async ValueTask<string> FindAsync(string domain)
    {
        if (!_lookups.TryGetValue(domain, out var lookup) || lookup.IsOver(time))
        {
            if (_lookups.Count >= Kept)
            {
                _lookups.Clear();
            }

            lookup = new Lookup(LookUpAsync(domain), time.GetTimestamp());
            _lookups[domain] = lookup;
        }

        try
        {
            return await lookup.Group.WaitAsync(Patience, time) ?? GroupName.Unresolved(domain);
        }
        catch (TimeoutException)
        {
            return GroupName.Unresolved(domain);
        }
    }

    /// <returns>Null when there is no host, for good or for now.</returns>
    private async Task<string?> LookUpAsync(string domain)
    {
        var hosts = await resolver.FindAsync(domain, CancellationToken.None);
        return hosts.Match(found => groups.GroupOf(found.Hosts[0].Name), _ => (string?)null);
    }

    private sealed record Lookup(Task<string?> Group, long At)
    {
        public bool IsOver(TimeProvider time)
            => Group.IsCompleted && time.GetElapsedTime(At) > (Group is { IsCompletedSuccessfully: true, Result: not null } ? FoundFor : MissingFor);
    }
}
