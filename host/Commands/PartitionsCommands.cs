using System.CommandLine;
using MailPace.Storage.History;

namespace MailPace.Host.Commands;

internal static class PartitionsCommands
{
    public static Command Create() => new("partitions", "The days of history")
    {
        Ensure(),
        List(),
        Drop(),
    };

    private static Command Ensure() => new Command("ensure", "Make the partitions of today and the days ahead").Does(async run =>
    {
        await run.Get<DayPartitions>().EnsureAheadAsync(run.Token);
        await run.SayAsync($"History has partitions until {(await run.Get<DayPartitions>().ListAsync(run.Token))[^1]:yyyy-MM-dd}.");
    });

    private static Command List() => new Command("list", "List the days that history holds").Does(async run =>
    {
        foreach (var day in await run.Get<DayPartitions>().ListAsync(run.Token))
        {
            await run.SayAsync($"{day:yyyy-MM-dd}");
        }
    });

    private static Command Drop()
    {
        var before = new Option<DateOnly>("--before") { Description = "First day to keep, such as 2026-01-31", Required = true };
        return new Command("drop", "Drop the history of whole days, for good") { before }.Does(async run =>
        {
            var dropped = await run.Get<DayPartitions>().DropBeforeAsync(run.Value(before), run.Token);
            await run.SayAsync(dropped.Count == 0 ? "Nothing to drop." : $"Dropped {dropped.Count} days, {dropped[0]:yyyy-MM-dd} to {dropped[^1]:yyyy-MM-dd}.");
        });
    }
}
