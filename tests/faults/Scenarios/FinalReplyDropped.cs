using MailPace.Faults.Servers;
using MailPace.Faults.Sinks;

namespace MailPace.Faults.Scenarios;

/// <summary>The remote stores one message in five and closes the connection instead of answering.</summary>
internal sealed class FinalReplyDropped : IScenario
{
    public string Name => "final-reply-dropped";

    public SinkManners Manners => new() { DropFinalReply = 0.2, DeferMessage = 0.1, DeferRecipient = 0.1, Delay = 0.1 };

    public Task RunAsync(World world, ScenarioLength length) => world.MoreMailAsync(100 + (100 * length.Rounds), 200 + (100 * length.Rounds));
}
