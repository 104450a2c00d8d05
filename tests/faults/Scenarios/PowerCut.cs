using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary>
/// The power goes: what JetStream and PostgreSQL wrote and didn't sync is gone, and all processes with it. JOBS isn't synced; what it held
/// comes back by the reconciler.
/// </summary>
internal sealed class PowerCut : IScenario
{
    public string Name => "power-cut";

    public int DiskMegabytes => 1024;

    public bool IsPostgresOnDisk => true;

    public async Task RunAsync(World world, ScenarioLength length)
    {
        for (var round = 0; round < Math.Max(1, length.Rounds / 2); round++)
        {
            // What PostgreSQL began with was only copied. What JetStream doesn't sync is all gone in the first round; later it is older than the accident.
            await (round == 0 ? world.Disk.SyncAsync("postgres") : world.Disk.SyncAllAsync());
            await world.MoreMailAsync(100, 300);
            var jobs = await world.Queues.JobsCreatedAsync(CancellationToken.None);

            // Without power nothing runs. Who lived on to see the disk fail could still acknowledge: nats-server does after an fsync that failed.
            await Task.WhenAll(world.Platform.SendAsync("STOP"), world.Nats.SendAsync("STOP"));
            world.Disk.CutPower();
            world.Say($"the power is cut, {world.Load.Ledger.Acknowledged} acknowledged");
            await Task.WhenAll(world.Platform.Kill9Async(), world.Nats.Kill9Async(), world.Postgres.Kill9Async());
            await world.Disk.MountAgainAsync();
            await Task.WhenAll(world.Nats.StartAgainAsync(), world.Postgres.StartAgainAsync());
            var left = await world.Queues.JobsCreatedAsync(CancellationToken.None);
            world.Say(left is null ? "the power is back, JOBS is gone" : left == jobs ? "the power is back, JOBS is there" : "the power is back, JOBS is another one");
            await world.StartPlatformAsync();
        }

        await world.MoreMailAsync(30, 60);
    }
}
