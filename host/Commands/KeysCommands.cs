using System.CommandLine;
using MailPace.Dashboard.Setup;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

internal static class KeysCommands
{
    public static Command Create() => new("keys", "DKIM keys of a domain")
    {
        Show(),
        Rotate(),
        Activate(),
    };

    private static Command Show()
    {
        var argument = CommandArguments.Domain();
        return new Command("show", "Show a domain's keys, retired ones too") { argument }.Does(async run =>
        {
            var domain = await run.DomainAsync(run.Value(argument));
            var table = new TextTable("SELECTOR", "ALGORITHM", "STATE", "CREATED", "SIGNS SINCE", "RETIRED", "KEEP ITS RECORD UNTIL");
            foreach (var key in await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token))
            {
                table.Add(
                    key.Selector,
                    key.Algorithm.ToString(),
                    CommandText.Of(key.State),
                    CommandText.Of(key.CreatedAt),
                    CommandText.Of(key.ActivatedAt),
                    CommandText.Of(key.RetiredAt),
                    CommandText.Of(DnsRecords.KeepUntil(run, key)));
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command Rotate()
    {
        var argument = CommandArguments.Domain();
        return new Command("rotate", "Make new keys that don't sign yet, and show the DNS records to publish for them") { argument }.Does(async run =>
        {
            var domain = await run.DomainAsync(run.Value(argument));
            var addition = await run.Get<DkimKeyMaker>().MakeAsync(domain, run.Token);
            if (addition == KeyAddition.OthersPrepared)
            {
                await run.SayAsync($"{domain.Name} has new keys already; they wait for their activation.");
            }

            if (addition == KeyAddition.Signing)
            {
                await DnsRecords.WriteAsync(run, domain);
                return;
            }

            await DnsRecords.WritePreparedAsync(run, domain, await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token));
            await run.SayAsync("Until then the old keys sign. Keep their records published, also after that: `activate` says for how long.");
        });
    }

    private static Command Activate()
    {
        var argument = CommandArguments.Domain();
        var force = new Option<bool>("--force") { Description = "Without a look at DNS. Receivers count signatures whose key they don't find against the domain" };
        return new Command("activate", "Look into DNS for the records of the new keys, and sign with them from now on") { argument, force }.Does(async run =>
        {
            var domain = await run.DomainAsync(run.Value(argument));
            var keys = run.Get<DkimKeys>();
            var prepared = (await keys.ListAsync(domain.Id, run.Token)).Where(k => k.State == DkimKeyState.Prepared).ToList();
            if (prepared.Count == 0)
            {
                throw new CommandFailure($"{domain.Name} has no new keys; make them with: mailpace keys rotate {domain.Name}");
            }

            if (!run.Value(force))
            {
                await RequireRecordsAsync(run, domain, prepared);
            }

            if (!await keys.ActivateAsync(domain.Id, [.. prepared.Select(k => k.Id)], run.Token))
            {
                throw new CommandFailure($"The keys of {domain.Name} were changed meanwhile; see: mailpace keys show {domain.Name}");
            }

            await run.SayAsync($"{string.Join(" and ", prepared.Select(k => k.Selector))} sign for {domain.Name} from now on.");
            await DnsRecords.WriteRetiredAsync(run, domain, await keys.ListAsync(domain.Id, run.Token));
        });
    }

    private static async Task RequireRecordsAsync(CommandRun run, Domain domain, IReadOnlyList<DkimKey> prepared)
    {
        var checks = await Task.WhenAll(prepared.Select(key => run.Get<DomainChecker>().CheckKeyAsync(domain, key, run.Token)));
        var faults = checks.Where(check => check.State != RecordState.Found).Select(check => check.Explanation!).ToList();
        if (faults.Count > 0)
        {
            throw new CommandFailure(string.Join(
                Environment.NewLine,
                [.. faults, $"The old keys still sign. `mailpace domain show {domain.Name}` shows the records to publish."]));
        }
    }
}
