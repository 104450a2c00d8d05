using System.CommandLine;
using MailPace.Dashboard.Setup;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

internal static class DomainCommands
{
    public static Command Create() => new("domain", "Domains: what is sent from")
    {
        Add(),
        List(),
        Show(),
        Verify(),
    };

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "Name of the domain" };
        var organisation = new Option<string>("--organisation") { Description = "Name or id of its organisation", Required = true };
        return new Command("add", "Add a domain, make its DKIM keys and show the DNS records to publish") { name, organisation }.Does(async run =>
        {
            var owner = await run.OrganisationAsync(run.Value(organisation)!);
            var text = CommandArguments.DomainName(run.Value(name));
            var domain = await run.Get<Domains>().AddAsync(owner.Id, text, run.Token)
                ?? throw new CommandFailure($"Organisation {owner.Id} has {text} already.");
            await run.Get<DkimKeyMaker>().MakeAsync(domain, run.Token);
            await run.SayAsync($"Domain {domain.Id}: {domain.Name}");
            await DnsRecords.WriteAsync(run, domain);
            await run.SayAsync($"Then: mailpace domain verify {domain.Name}");
        });
    }

    private static Command List()
    {
        var organisation = new Option<string>("--organisation") { Description = "Name or id of an organisation" };
        var json = CommandArguments.Json();
        return new Command("list", "List domains") { organisation, json }.Does(async run =>
        {
            var owner = run.Value(organisation) is { } given ? await run.OrganisationAsync(given) : null;
            var domains = await run.Get<Domains>().ListAsync(owner?.Id, run.Token);
            if (run.Value(json))
            {
                await run.SayAsync(CommandText.JsonOf(domains));
                return;
            }

            var table = new TextTable("ID", "NAME", "ORGANISATION", "DKIM", "ADVANCED", "CREATED");
            foreach (var domain in domains)
            {
                table.Add(
                    CommandText.Of(domain.Id),
                    domain.Name,
                    CommandText.Of(domain.OrganisationId),
                    CommandText.Of(domain.DkimVerified),
                    CommandText.Of(domain.AdvancedVerified),
                    CommandText.Of(domain.CreatedAt));
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command Show()
    {
        var argument = CommandArguments.Domain();
        return new Command("show", "Show a domain and the DNS records it is to publish") { argument }.Does(async run =>
        {
            var domain = await run.DomainAsync(run.Value(argument));
            await run.SayAsync($"Domain {domain.Id}: {domain.Name} of organisation {domain.OrganisationId}");
            await run.SayAsync($"DKIM verified: {CommandText.Of(domain.DkimVerified)}, advanced verified: {CommandText.Of(domain.AdvancedVerified)}");
            await DnsRecords.WriteAsync(run, domain);
        });
    }

    private static Command Verify()
    {
        var argument = CommandArguments.Domain();
        var force = new Option<bool>("--force") { Description = "Take DKIM for verified without a look at DNS, for local tests" };
        return new Command("verify", "Look into DNS whether a domain publishes its records") { argument, force }.Does(async run =>
        {
            var domain = await run.DomainAsync(run.Value(argument));
            if (run.Value(force))
            {
                RequireChanged(domain, await run.Get<Domains>().VouchAsync(domain, run.Token));
                await SayVerificationAsync(run, new DomainVerification(Dkim: true, domain.AdvancedVerified));
                return;
            }

            var report = await run.Get<DomainChecker>().CheckAsync(domain, run.Token);
            if (report is not { Dkim: { } dkim, Advanced: { } advanced })
            {
                var unknown = report.Checks.First(check => check.State == RecordState.Unknown);
                throw new CommandFailure($"{unknown.Explanation} (Dns:Resolvers). Nothing was changed; try again.");
            }

            var verification = new DomainVerification(dkim, advanced);
            RequireChanged(domain, await run.Get<Domains>().SetVerificationAsync(domain.Id, verification, run.Token));
            await SayVerificationAsync(run, verification);
            if (!dkim)
            {
                await DnsRecords.WriteAsync(run, domain);
                throw new CommandFailure($"{domain.Name} can't send yet. {report.Of(RecordPurpose.Dkim)?.Explanation ?? "It has no DKIM key."}");
            }
        });
    }

    private static void RequireChanged(Domain domain, VerificationChange change)
    {
        if (change == VerificationChange.VerifiedElsewhere)
        {
            throw new CommandFailure($"Another organisation has {domain.Name} verified.");
        }
    }

    private static Task SayVerificationAsync(CommandRun run, DomainVerification verification)
        => run.SayAsync($"DKIM verified: {CommandText.Of(verification.Dkim)}, advanced verified: {CommandText.Of(verification.Advanced)}");
}
