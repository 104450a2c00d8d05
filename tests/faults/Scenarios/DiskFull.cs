using System.Net;
using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary>
/// JetStream's disk is full: clients are told to come later, nothing is accepted and lost. nats-server keeps refusing once a write has
/// failed, also with room again, until it is started anew; the host goes on by itself.
/// </summary>
internal sealed class DiskFull : IScenario
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "disk-full";

    public int DiskMegabytes => 96;

    public async Task RunAsync(World world, ScenarioLength length)
    {
        await world.MoreMailAsync(50, 150);
        await world.Disk.FillAsync("ballast");
        var refusals = world.Load.Ledger.Refusals;
        world.Say($"the disk is full, {world.Load.Ledger.Acknowledged} acknowledged");
        await world.ExpectAsync("clients are told to come later", Patience, () => Task.FromResult(world.Load.Ledger.Refusals > refusals + 5));
        await world.ExpectAsync("the host says that it isn't ready", Patience, async () => await world.ReadinessAsync() == HttpStatusCode.ServiceUnavailable);
        await world.PauseAsync(0, 3000);
        File.Delete(world.Disk.Combine("ballast"));
        await world.Nats.RestartAsync();
        world.Say($"there is room again, {world.Load.Ledger.Acknowledged} acknowledged, {world.Load.Ledger.Refusals - refusals} refused");
        await world.ExpectAsync("the host is ready again", Patience, async () => await world.ReadinessAsync() == HttpStatusCode.OK);
        await world.MoreMailAsync(30, 60);
    }
}
