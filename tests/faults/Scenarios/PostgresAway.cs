using System.Net;
using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary>PostgreSQL is stopped for a while: accepting and delivering go on without it, and history catches up.</summary>
internal sealed class PostgresAway : IScenario
{
    public string Name => "postgres-away";

    public async Task RunAsync(World world, ScenarioLength length)
    {
        await world.MoreMailAsync(50, 150);
        await world.Postgres.StopAsync();
        var (acknowledged, copies) = (world.Load.Ledger.Acknowledged, world.Sink.Store.Copies);
        world.Say($"PostgreSQL is away for {length.Outage.TotalSeconds:0} s, {acknowledged} acknowledged");
        await world.ExpectAsync("the host says that it isn't ready without PostgreSQL", TimeSpan.FromSeconds(10), async () => await world.ReadinessAsync() == HttpStatusCode.ServiceUnavailable);
        await Task.Delay(length.Outage);
        world.Say($"meanwhile {world.Load.Ledger.Acknowledged - acknowledged} were acknowledged and {world.Sink.Store.Copies - copies} copies delivered");
        if (world.Load.Ledger.Acknowledged - acknowledged < 100 || world.Sink.Store.Copies - copies < 100)
        {
            world.Fail($"without PostgreSQL only {world.Load.Ledger.Acknowledged - acknowledged} emails were acknowledged and {world.Sink.Store.Copies - copies} copies delivered");
        }

        await world.Postgres.StartAgainAsync();
        await world.ExpectAsync("the host is ready again", TimeSpan.FromSeconds(30), async () => await world.ReadinessAsync() == HttpStatusCode.OK);
        await world.MoreMailAsync(30, 60);
    }
}
