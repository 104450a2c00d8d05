using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary><c>kill -9</c> of nats-server and host, one soon after the other.</summary>
internal sealed class BothKilled : IScenario
{
    public string Name => "both-killed";

    public async Task RunAsync(World world, ScenarioLength length)
    {
        for (var round = 0; round < length.Rounds; round++)
        {
            await world.MoreMailAsync(30, 150);
            var (first, second) = round % 2 == 0
                ? ((Func<Task>)world.Nats.Kill9Async, (Func<Task>)world.Platform.Kill9Async)
                : (world.Platform.Kill9Async, world.Nats.Kill9Async);
            await first();
            await world.PauseAsync(100, 500);
            await second();
            world.Say($"nats-server and host are killed, {world.Load.Ledger.Acknowledged} acknowledged");
            var platform = world.StartPlatformAsync();
            await world.PauseAsync(0, 2000);
            await world.Nats.StartAgainAsync();
            await platform;
        }

        await world.MoreMailAsync(30, 60);
    }
}
