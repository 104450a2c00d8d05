using System.CommandLine;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

internal static class KeysCommands
{
    public static Command Create() => new("keys", "DKIM keys of a domain")
    {
        Show(),
        Rotate(),
    };

    private static Command Show()
    {
        var argument = CommandArguments.Domain();
        return new Command("show", "Show a domain's keys, retired ones too") { argument }.Does(async run =>
        {
            var domain = await run.DomainAsync(run.Value(argument));
            var table = new TextTable("SELECTOR", "ALGORITHM", "CREATED", "RETIRED");
            foreach (var key in await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token))
            {
                table.Add(key.Selector, key.Algorithm.ToString(), CommandText.Of(key.CreatedAt), CommandText.Of(key.RetiredAt));
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command Rotate()
    {
        var argument = CommandArguments.Domain();
        var force = new Option<bool>("--force") { Description = "Sign with the new keys at once, though DNS doesn't publish them yet" };
        return new Command("rotate", "Make new keys and retire the old ones; the domain must be verified again") { argument, force }.Does(async run =>
        {
            var domain = await run.DomainAsync(run.Value(argument));
            await DkimKeyMaker.MakeAsync(run, domain);
            if (!run.Value(force))
            {
                // Signing with a key that DNS doesn't publish is worse than not sending: receivers count it against the domain.
                await run.Get<Domains>().SetVerificationAsync(domain.Id, new DomainVerification(Dkim: false, domain.AdvancedVerified), run.Token);
            }

            await DnsRecords.WriteAsync(run, domain);
            await run.SayAsync("Leave the old records for a week: mail under way was signed with the old keys.");
            if (!run.Value(force))
            {
                await run.SayAsync($"{domain.Name} sends again after: mailpace domain verify {domain.Name}");
            }
        });
    }
}
