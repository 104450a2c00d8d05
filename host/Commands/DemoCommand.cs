using System.CommandLine;
using MailPace.Dashboard.Setup;
using MailPace.Mail.Submission;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

/// <summary><c>mailpace demo</c>: an organisation to try with. Called again, it prints the same.</summary>
internal static class DemoCommand
{
    private const string OrganisationName = "Demo";
    private const string DomainName = "demo.example";

    public static Command Create()
    {
        var file = new Option<string>("--token-file") { Description = "Where the tokens' secrets are kept, so that the next call prints the same ones; without it each call makes new tokens" };
        return new Command("demo", "Make or reuse a demo organisation and print what to send with, as KEY=VALUE lines") { file }.Does(async run =>
        {
            var organisation = await run.Get<Organisations>().FindByNameAsync(OrganisationName, run.Token)
                ?? await run.Get<Organisations>().AddAsync(OrganisationName, run.Token);
            var domain = await EnsureDomainAsync(run, organisation);
            var secrets = run.Value(file) is { } path ? DemoTokenFile.Read(path) : [];
            var token = await EnsureTokenAsync(run, secrets.GetValueOrDefault(DemoTokenFile.Token), organisation, domain.Id);
            var organisationToken = await EnsureTokenAsync(run, secrets.GetValueOrDefault(DemoTokenFile.OrganisationToken), organisation, domainId: null);
            if (run.Value(file) is { } target)
            {
                DemoTokenFile.Write(target, token, organisationToken);
            }

            await run.SayAsync($"{DemoTokenFile.Token}={token}");
            await run.SayAsync($"{DemoTokenFile.OrganisationToken}={organisationToken}");
            await run.SayAsync($"MAILPACE_DOMAIN={domain.Name}");
        });
    }

    private static async Task<Domain> EnsureDomainAsync(CommandRun run, Organisation organisation)
    {
        var domains = run.Get<Domains>();
        var domain = (await domains.ListAsync(organisation.Id, run.Token)).FirstOrDefault(d => d.Name == DomainName)
            ?? await domains.AddAsync(organisation.Id, DomainName, run.Token)
            ?? throw new CommandFailure($"{DomainName} was added by someone else meanwhile; call it again.");
        if ((await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token)).All(k => k.RetiredAt is not null))
        {
            await run.Get<DkimKeyMaker>().MakeAsync(domain, run.Token);
        }

        if (domain is not { DkimVerified: true, DkimVouched: true }
            && await domains.VouchAsync(domain, run.Token) == VerificationChange.VerifiedElsewhere)
        {
            throw new CommandFailure($"Another organisation has {DomainName} verified.");
        }

        return domain;
    }

    private static async Task<string> EnsureTokenAsync(CommandRun run, string? known, Organisation organisation, long? domainId)
    {
        var tokens = run.Get<ApiTokens>();
        if (known is not null && await tokens.FindByHashAsync(TokenSecret.Hash(known), run.Token) is { } valid && valid.DomainId == domainId)
        {
            return known;
        }

        var secret = TokenSecret.Generate();
        await tokens.AddAsync(
            new NewApiToken { OrganisationId = organisation.Id, DomainId = domainId, Name = "demo", SecretHash = TokenSecret.Hash(secret), Hint = TokenSecret.Hint(secret) }, run.Token);
        return secret;
    }
}
