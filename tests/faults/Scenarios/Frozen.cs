using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary>SIGSTOP and SIGCONT of nats-server and of the host: nothing breaks, and yet all deadlines pass.</summary>
internal sealed class Frozen : IScenario
{
    public string Name => "frozen";

    public async Task RunAsync(World world, ScenarioLength length)
    {
        for (var round = 0; round <= length.Rounds; round++)
        {
            await world.MoreMailAsync(30, 150);
            var (name, signal) = round % 2 == 0 ? ("nats-server", (Func<string, Task>)world.Nats.SendAsync) : ("the host", world.Platform.SendAsync);
            await signal("STOP");
            world.Say($"{name} is frozen, {world.Load.Ledger.Acknowledged} acknowledged");
            await world.PauseAsync(1000, 8000);
            await signal("CONT");
        }

        await world.MoreMailAsync(30, 60);
    }
}
