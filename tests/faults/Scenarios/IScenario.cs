using MailPace.Faults.Servers;
using MailPace.Faults.Sinks;

namespace MailPace.Faults.Scenarios;

/// <summary>Faults, at moments that the world's seed decides. After it, only what was killed is started again.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>Size in MB of a disk of its own; 0 when it needs none.</summary>
    int DiskMegabytes => 0;

    bool IsPostgresOnDisk => false;

    SinkManners Manners => SinkManners.Ordinary;

    Task RunAsync(World world, ScenarioLength length);
}
