using MailPace.Faults.Servers;

namespace MailPace.Faults.Scenarios;

/// <summary>The stream JOBS is deleted under load.</summary>
internal sealed class JobsDeleted : IScenario
{
    public string Name => "jobs-deleted";

    public async Task RunAsync(World world, ScenarioLength length)
    {
        for (var round = 0; round < length.Rounds; round++)
        {
            await world.MoreMailAsync(50, 150);
            var held = await world.Queues.JobsAsync(CancellationToken.None);
            await world.Queues.DeleteJobsAsync(CancellationToken.None);
            world.Say($"JOBS is deleted with {held} messages, {world.Load.Ledger.Acknowledged} acknowledged");
            await world.ExpectAsync("JOBS is made again", TimeSpan.FromSeconds(15), async () => await world.Queues.JobsCreatedAsync(CancellationToken.None) is not null);
        }

        await world.MoreMailAsync(30, 60);
    }
}
