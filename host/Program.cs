using System.CommandLine;
using MailPace.Host;
using MailPace.Host.Commands;

var root = new RootCommand("MailPace: transactional email, accepted when it's on disk.")
{
    RunCommand.Create(),
    CheckSettingsCommand.Create(),
};
MailPaceCommands.AddTo(root);

// The library would end the process two seconds after SIGTERM; ours drains first.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
