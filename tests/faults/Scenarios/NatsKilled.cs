using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary><c>kill -9</c> of nats-server, back at once or after longer than a publish is repeated.</summary>
internal sealed class NatsKilled : IScenario
{
    public string Name => "nats-killed";

    public async Task RunAsync(World world, ScenarioLength length)
    {
        for (var round = 0; round <= length.Rounds; round++)
        {
            await world.MoreMailAsync(30, 150);
            await world.Nats.Kill9Async();
            world.Say($"nats-server is killed, {world.Load.Ledger.Acknowledged} acknowledged");
            await world.PauseAsync(0, round % 2 == 0 ? 1000 : 6000);
            await world.Nats.StartAgainAsync();
        }

        await world.MoreMailAsync(30, 60);
    }
}
