using System.CommandLine;

namespace MailPace.Host.Commands;

/// <summary>The operator's commands.</summary>
internal static class MailPaceCommands
{
    public static void AddTo(RootCommand root)
    {
        root.Subcommands.Add(MigrateCommand.Create());
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(OrganisationCommands.Create());
        root.Subcommands.Add(DomainCommands.Create());
        root.Subcommands.Add(TokenCommands.Create());
        root.Subcommands.Add(KeysCommands.Create());
        root.Subcommands.Add(SuppressionCommands.Create());
        root.Subcommands.Add(InboundCommands.Create());
        root.Subcommands.Add(WebhookCommands.Create());
        root.Subcommands.Add(DirectoryCommands.Create());
        root.Subcommands.Add(EmailsCommand.Create());
        root.Subcommands.Add(EmailCommand.Create());
        root.Subcommands.Add(QueueCommand.Create());
        root.Subcommands.Add(PartitionsCommands.Create());
        root.Subcommands.Add(TopologyCommands.Create());
    }
}
