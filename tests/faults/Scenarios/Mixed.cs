using MailPace.Faults.Servers;
using MailPace.Faults.Sinks;

namespace MailPace.Faults.Scenarios;

/// <summary>
/// Faults of all kinds that need no disk of their own: in each round one to three of host, nats-server and PostgreSQL are hit, each in one of
/// its ways, at moments that overlap as the seed has it; and the remote is moody.
/// </summary>
internal sealed class Mixed : IScenario
{
    private static readonly Fault[][] Faults =
    [
        [
            new("the host is killed", static async (world, down) =>
            {
                await world.Platform.Kill9Async();
                await Task.Delay(down);
                await world.StartPlatformAsync();
            }),
            new("the host is frozen", static (world, down) => FreezeAsync(world.Platform.SendAsync, down)),
        ],
        [
            new("nats-server is killed", static async (world, down) =>
            {
                await world.Nats.Kill9Async();
                await Task.Delay(down);
                await world.Nats.StartAgainAsync();
            }),
            new("nats-server is frozen", static (world, down) => FreezeAsync(world.Nats.SendAsync, down)),
            new("JOBS is deleted", static (world, _) => world.Queues.DeleteJobsAsync(CancellationToken.None)),
        ],
        [
            new("PostgreSQL is killed", static async (world, down) =>
            {
                await world.Postgres.Kill9Async();
                await Task.Delay(down);
                await world.Postgres.StartAgainAsync();
            }),
            new("PostgreSQL is stopped", static async (world, down) =>
            {
                await world.Postgres.StopAsync();
                await Task.Delay(down);
                await world.Postgres.StartAgainAsync();
            }),
        ],
    ];

    public string Name => "mixed";

    public SinkManners Manners => new() { DropFinalReply = 0.05, DeferMessage = 0.05, DeferRecipient = 0.05, Delay = 0.3 };

    public async Task RunAsync(World world, ScenarioLength length)
    {
        for (var round = 0; round <= length.Rounds; round++)
        {
            await world.MoreMailAsync(30, 150);
            await Task.WhenAll(Draw(world.Random).Select(each => HitAsync(world, each.Fault, each.After, each.Down)));
        }

        await world.MoreMailAsync(30, 60);
    }

    /// <summary>All that chance decides, before anything runs: the source of chance isn't safe for several at once.</summary>
    private static (Fault Fault, TimeSpan After, TimeSpan Down)[] Draw(Random random)
    {
        var targets = Faults.ToArray();
        random.Shuffle(targets);
        return [.. targets.Take(random.Next(1, targets.Length + 1)).Select(ways => (ways[random.Next(ways.Length)], Milliseconds(random, 1500), Milliseconds(random, 5000)))];
    }

    private static TimeSpan Milliseconds(Random random, int most) => TimeSpan.FromMilliseconds(random.Next(most));

    private static async Task HitAsync(World world, Fault fault, TimeSpan after, TimeSpan down)
    {
        await Task.Delay(after);
        world.Say($"{fault.Name}, {world.Load.Ledger.Acknowledged} acknowledged");
        await fault.RunAsync(world, down);
    }

    private static async Task FreezeAsync(Func<string, Task> signal, TimeSpan down)
    {
        await signal("STOP");
        await Task.Delay(down);
        await signal("CONT");
    }

    /// <param name="Name">What happens, for the log.</param>
    /// <param name="RunAsync">Does it, and undoes it after a while.</param>
    private sealed record Fault(string Name, Func<World, TimeSpan, Task> RunAsync);
}
