using MailPace.Faults.Servers;
using MailPace.Faults.Sinks;

namespace MailPace.Faults.Scenarios;

/// <summary><c>kill -9</c> of the host, while many messages are between the remote's storing them and its 250.</summary>
internal sealed class HostKilled : IScenario
{
    public string Name => "host-killed";

    public SinkManners Manners => SinkManners.Ordinary with { Delay = 0.5 };

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
