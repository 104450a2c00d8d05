using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary><c>kill -9</c> of all of PostgreSQL's processes.</summary>
internal sealed class PostgresKilled : IScenario
{
    public string Name => "postgres-killed";

    public async Task RunAsync(World world, ScenarioLength length)
    {
        for (var round = 0; round <= length.Rounds; round++)
        {
            await world.MoreMailAsync(30, 150);
            await world.Postgres.Kill9Async();
            world.Say($"PostgreSQL is killed, {world.Load.Ledger.Acknowledged} acknowledged");
            await world.PauseAsync(0, 2000);
            await world.Postgres.StartAgainAsync();
        }

        await world.MoreMailAsync(30, 60);
    }
}
