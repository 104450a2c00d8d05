using System.CommandLine;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

internal static class SuppressionCommands
{
    public static Command Create() => new("suppression", "Addresses that a domain doesn't send to")
    {
        Add(),
        Remove(),
        List(),
    };

    private static Argument<string> AddressArgument() => new("address") { Description = "Email address" };

    private static Command Add()
    {
        var domain = CommandArguments.Domain();
        var address = AddressArgument();
        var reason = new Option<string>("--reason") { Description = "Why", DefaultValueFactory = _ => "manual" };
        return new Command("add", "Send no more to an address") { domain, address, reason }.Does(async run =>
        {
            var found = await run.DomainAsync(run.Value(domain));
            var text = CommandArguments.Address(run.Value(address));
            if (!await run.Get<Suppressions>().AddAsync(found.Id, text, run.Value(reason)!, run.Token))
            {
                throw new CommandFailure($"{text} is suppressed for {found.Name} already.");
            }

            await run.SayAsync($"{found.Name} sends no more to {text}.");
        });
    }

    private static Command Remove()
    {
        var domain = CommandArguments.Domain();
        var address = AddressArgument();
        return new Command("remove", "Send to an address again") { domain, address }.Does(async run =>
        {
            var found = await run.DomainAsync(run.Value(domain));
            var text = CommandArguments.Address(run.Value(address));
            if (!await run.Get<Suppressions>().RemoveAsync(found.Id, text, run.Token))
            {
                throw new CommandFailure($"{text} is not suppressed for {found.Name}.");
            }

            await run.SayAsync($"{found.Name} sends to {text} again.");
        });
    }

    private static Command List()
    {
        var domain = CommandArguments.Domain();
        return new Command("list", "List the suppressed addresses of a domain") { domain }.Does(async run =>
        {
            var found = await run.DomainAsync(run.Value(domain));
            var table = new TextTable("ADDRESS", "REASON", "SINCE");
            foreach (var suppression in await run.Get<Suppressions>().ListAsync(found.Id, run.Token))
            {
                table.Add(suppression.Address, suppression.Reason, CommandText.Of(suppression.CreatedAt));
            }

            await table.WriteAsync(run.Out);
        });
    }
}
