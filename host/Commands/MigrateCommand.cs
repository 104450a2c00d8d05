using System.CommandLine;
using MailPace.Storage.Migrations;

namespace MailPace.Host.Commands;

internal static class MigrateCommand
{
    public static Command Create() => new Command("migrate", "Bring the database's schema forward").Does(async run =>
    {
        var applied = await run.Get<Migrator>().MigrateAsync(run.Token);
        foreach (var name in applied)
        {
            await run.SayAsync($"Applied {name}");
        }

        if (applied.Count == 0)
        {
            await run.SayAsync("The schema is current.");
        }
    });
}
