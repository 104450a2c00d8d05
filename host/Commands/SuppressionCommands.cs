using System.CommandLine;
using System.Text;
using MailPace.Contracts.Directory;
using MailPace.Storage.Suppressing;

namespace MailPace.Host.Commands;

/// <summary>Block and Allow Lists; <c>--allow</c> means the latter everywhere.</summary>
internal static class SuppressionCommands
{
    private const string Operator = "operator";

    public static Command Create()
    {
        var command = new Command("suppressions", "Block List: addresses that a domain, or a whole organisation, doesn't send to; Allow List: those it sends to nevertheless")
        {
            Add(),
            Remove(),
            List(),
            Import(),
            Export(),
            Changes(),
            Undo(),
        };
        command.Aliases.Add("suppression");
        return command;
    }

    private static Command Add()
    {
        var owner = new OwnerArguments();
        var address = new Argument<string>("address") { Description = "Email address" };
        var reason = new Option<string>("--reason") { Description = "Why", DefaultValueFactory = _ => "manual" };
        var days = new Option<double?>("--days") { Description = "For how many days; without it for ever" };
        return owner.AddTo(new Command("add", "Put an address into the list") { address, reason, days }).Does(async run =>
        {
            var (found, name) = await owner.FindAsync(run);
            var text = CommandArguments.Address(run.Value(address));
            var expiry = run.Value(days) is { } given ? run.Get<TimeProvider>().GetUtcNow() + TimeSpan.FromDays(given) : (DateTimeOffset?)null;
            if (await run.Get<Suppressions>().AddAsync(found, owner.List(run), new NewSuppression(text, run.Value(reason)!, expiry), Operator, run.Token) is null)
            {
                throw new CommandFailure($"{text} is in that list of {name} already.");
            }

            await run.SayAsync(owner.List(run) == AddressList.Block ? $"{name} sends no more to {text}." : $"{name} sends to {text}, whatever the Block List says.");
        });
    }

    private static Command Remove()
    {
        var owner = new OwnerArguments();
        var address = new Argument<string>("address") { Description = "Email address" };
        return owner.AddTo(new Command("remove", "Take an address off the list") { address }).Does(async run =>
        {
            var (found, name) = await owner.FindAsync(run);
            var text = CommandArguments.Address(run.Value(address));
            var change = await run.Get<Suppressions>().RemoveAsync(found, owner.List(run), text, Operator, run.Token)
                ?? throw new CommandFailure($"{text} is not in that list of {name}.");
            await run.SayAsync($"{text} is off the list of {name}. Change {change} can be undone.");
        });
    }

    private static Command List()
    {
        var owner = new OwnerArguments();
        var limit = new Option<int>("--limit") { Description = "How many", DefaultValueFactory = _ => 100 };
        return owner.AddTo(new Command("list", "List the newest entries") { limit }).Does(async run =>
        {
            var (found, _) = await owner.FindAsync(run);
            var table = new TextTable("ADDRESS", "REASON", "SINCE", "UNTIL", "EMAIL", "REPLY");
            foreach (var entry in await run.Get<Suppressions>().ListAsync(found, owner.List(run), new SuppressionQuery { Limit = run.Value(limit) }, run.Token))
            {
                table.Add(
                    entry.Address,
                    entry.Reason,
                    CommandText.Of(entry.CreatedAt),
                    CommandText.Of(entry.ExpiresAt),
                    entry.EmailId is { } id ? CommandText.Of(id) : "",
                    entry.ReplyCode is null ? "" : $"{entry.ReplyCode} {entry.ReplyEnhanced} {entry.ReplyText}");
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command Import()
    {
        var owner = new OwnerArguments();
        var file = new Argument<string>("file") { Description = "CSV file: address, reason, expires_at; the first line may name the columns. - reads standard input" };
        return owner.AddTo(new Command("import", "Put the addresses of a CSV file into the list, all or none") { file }).Does(async run =>
        {
            var (found, name) = await owner.FindAsync(run);
            using var text = run.Value(file) == "-" ? Console.In : new StreamReader(run.Value(file), Encoding.UTF8);
            var csv = new SuppressionCsv();
            var change = await run.Get<SuppressionChanges>().ImportAsync(found, owner.List(run), csv.ReadAsync(text, "imported", run.Token), Operator, run.Token);
            await run.SayAsync($"{change.Addresses} addresses are new in the list of {name}; {csv.Invalid} records were invalid. Change {change.Id} can be undone.");
            foreach (var fault in csv.Faults)
            {
                await run.SayAsync(fault);
            }
        });
    }

    private static Command Export()
    {
        var owner = new OwnerArguments();
        return owner.AddTo(new Command("export", "Print the list as CSV, which import takes")).Does(async run =>
        {
            var (found, _) = await owner.FindAsync(run);
            await run.Out.WriteAsync(SuppressionCsv.Header + "\r\n");
            await foreach (var entry in run.Get<SuppressionChanges>().ExportAsync(found, owner.List(run), run.Token))
            {
                await run.Out.WriteAsync(SuppressionCsv.Write(entry));
            }
        });
    }

    private static Command Changes()
    {
        var owner = new OwnerArguments();
        return owner.AddTo(new Command("changes", "List what was done to both lists, newest first")).Does(async run =>
        {
            var (found, _) = await owner.FindAsync(run);
            var table = new TextTable("ID", "LIST", "CHANGE", "ADDRESSES", "AT", "BY", "UNDONE BY");
            foreach (var change in await run.Get<SuppressionChanges>().ListAsync(found, 100, run.Token))
            {
                table.Add(
                    CommandText.Of(change.Id),
                    change.List,
                    change.Kind,
                    CommandText.Of(change.Addresses),
                    CommandText.Of(change.MadeAt),
                    change.MadeBy,
                    change.UndoneBy is { } undone ? CommandText.Of(undone) : "");
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command Undo()
    {
        var owner = new OwnerArguments();
        var id = new Argument<long>("change") { Description = "Id of the change" };
        return owner.AddTo(new Command("undo", "Take a change back: what it added goes, what it removed comes again") { id }).Does(async run =>
        {
            var (found, name) = await owner.FindAsync(run);
            var undone = await run.Get<SuppressionChanges>().UndoAsync(found, run.Value(id), Operator, run.Token)
                ?? throw new CommandFailure($"{name} has no change {run.Value(id)} that isn't undone.");
            await run.SayAsync($"{undone.Addresses} addresses were changed back.");
        });
    }
}
