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
        SetSuppressions(),
        SetContact(),
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

    private static Command SetSuppressions()
    {
        var organisation = CommandArguments.Organisation();
        var scope = new Argument<SuppressionScope>("scope") { Description = "Domain: of the domain that sent; Organisation: of all its domains" };
        var days = new Option<int?>("--days") { Description = "For how many days; without it for ever" };
        return new Command("set-suppressions", "Say whose Block List a bounce or a complaint puts an address into, and for how long") { organisation, scope, days }.Does(async run =>
        {
            var found = await run.OrganisationAsync(run.Value(organisation));
            if (run.Value(days) < 1)
            {
                throw new CommandFailure("It holds for a day at least.");
            }

            await run.Get<Organisations>().SetSuppressionsAsync(found.Id, run.Value(scope), run.Value(days), run.Token);
            await run.SayAsync($"Bounces and complaints of organisation {found.Id} suppress for {(run.Value(scope) == SuppressionScope.Domain ? "the domain that sent" : "all its domains")}.");
        });
    }

    private static Command SetContact()
    {
        var organisation = CommandArguments.Organisation();
        var address = new Argument<string>("address") { Description = "Email address" };
        return new Command("set-contact", "Say who is told by email what needs a hand, such as a webhook endpoint that was paused") { organisation, address }.Does(async run =>
        {
            var found = await run.OrganisationAsync(run.Value(organisation));
            var text = CommandArguments.Address(run.Value(address));
            await run.Get<Organisations>().SetContactAsync(found.Id, text, run.Token);
            await run.SayAsync($"Organisation {found.Id} is told at {text}.");
        });
    }
}
