using System.CommandLine;
using MailPace.Hosting;

namespace MailPace.Host;

/// <summary><c>mailpace check-settings</c>: what <c>run</c> checks before it starts anything, and nothing else.</summary>
internal static class CheckSettingsCommand
{
    public static Command Create()
    {
        var command = new Command("check-settings", "Check settings and secrets as `run` does, and start nothing");
        command.SetAction((arguments, _) => ApplicationRun.GuardAsync(async () =>
        {
            await using var app = RunCommand.Build().App;
            app.CheckSettings();
            await arguments.InvocationConfiguration.Output.WriteLineAsync("The settings are right.");
            return 0;
        }));
        return command;
    }
}
