using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary><c>kill -9</c> of the host.</summary>
internal sealed class HostKilled : IScenario
{
    public string Name => "host-killed";

    public async Task RunAsync(World world, ScenarioLength length)
    {
        for (var round = 0; round <= length.Rounds; round++)
        {
            await world.MoreMailAsync(30, 150);
            await world.Platform.Kill9Async();
            world.Say($"the host is killed, {world.Load.Ledger.Acknowledged} acknowledged");
            await world.PauseAsync(0, 1000);
            await world.StartPlatformAsync();
        }

        await world.MoreMailAsync(30, 60);
    }
}
