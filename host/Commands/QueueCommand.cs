using System.CommandLine;
using System.Globalization;
using MailPace.Contracts.Shaping;
using MailPace.Messaging.Shaping;

namespace MailPace.Host.Commands;

/// <summary>What waits, and why.</summary>
internal static class QueueCommand
{
    public static Command Create() => new("queue", "What waits for its delivery, and why")
    {
        Groups(),
    };

    private static Command Groups()
    {
        var json = CommandArguments.Json();
        return new Command("groups", "The MX groups that were sent to lately: what they get, and which are slowed down, since when, until when and why") { json }.Does(async run =>
        {
            var groups = (await run.Get<GroupStates>().ListAsync(run.Token)).OrderBy(each => each.Key, StringComparer.Ordinal).ToList();
            if (run.Value(json))
            {
                await run.SayAsync(CommandText.JsonOf(groups.ToDictionary(each => each.Key, each => each.Value)));
                return;
            }

            var table = new TextTable("GROUP", "PROCESSES", "CONNECTIONS", "PER SECOND", "PACE", "PUT OFF", "SLOW SINCE", "NOTHING UNTIL", "REPLY");
            foreach (var (group, state) in groups)
            {
                table.Add(
                    group,
                    CommandText.Of(state.Leases.Count),
                    string.Create(CultureInfo.InvariantCulture, $"{state.Leases.Sum(lease => lease.Connections)} of {state.Connections}"),
                    state.Rate == 0 ? "any" : state.Rate.ToString("0.##", CultureInfo.InvariantCulture),
                    state.Pace.ToString("P0", CultureInfo.InvariantCulture),
                    CommandText.Of(state.Leases.Sum(lease => lease.GivenBack)),
                    CommandText.Of(state.SlowedSince),
                    CommandText.Of(Suspended(state, run.Get<TimeProvider>())),
                    state.Reason);
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static DateTimeOffset? Suspended(GroupState state, TimeProvider time) => state.SuspendedUntil > time.GetUtcNow() ? state.SuspendedUntil : null;
}
