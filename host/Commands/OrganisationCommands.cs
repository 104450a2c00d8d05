using System.CommandLine;
using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

internal static class OrganisationCommands
{
    public static Command Create() => new("organisation", "Organisations: who sends")
    {
        Add(),
        List(),
        SetStatus(),
    };

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "Name of the organisation" };
        return new Command("add", "Add an organisation") { name }.Does(async run =>
        {
            var added = await run.Get<Organisations>().AddAsync(run.Value(name), run.Token);
            await run.SayAsync($"Organisation {added.Id}: {TextTable.Printable(added.Name)}");
        });
    }

    private static Command List()
    {
        var json = CommandArguments.Json();
        return new Command("list", "List organisations") { json }.Does(async run =>
        {
            var organisations = await run.Get<Organisations>().ListAsync(run.Token);
            if (run.Value(json))
            {
                await run.SayAsync(CommandText.JsonOf(organisations));
                return;
            }

            var table = new TextTable("ID", "NAME", "STATUS", "CREATED");
            foreach (var organisation in organisations)
            {
                table.Add(CommandText.Of(organisation.Id), organisation.Name, organisation.Status.ToString(), CommandText.Of(organisation.CreatedAt));
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command SetStatus()
    {
        var organisation = CommandArguments.Organisation();
        var status = new Argument<OrganisationStatus>("status") { Description = "Active, NoPlan (sending needs a plan) or Suspended" };
        return new Command("set-status", "Let an organisation send, or not") { organisation, status }.Does(async run =>
        {
            var found = await run.OrganisationAsync(run.Value(organisation));
            await run.Get<Organisations>().SetStatusAsync(found.Id, run.Value(status), run.Token);
            await run.SayAsync($"Organisation {found.Id} is {run.Value(status)} now.");
        });
    }
}
