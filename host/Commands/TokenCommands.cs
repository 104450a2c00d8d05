using System.CommandLine;
using MailPace.Mail.Submission;
using MailPace.Storage.Accounts;

namespace MailPace.Host.Commands;

internal static class TokenCommands
{
    public static Command Create() => new("token", "API tokens")
    {
        CreateToken(),
        List(),
        Revoke(),
    };

    private static Command CreateToken()
    {
        var domain = new Option<string>("--domain") { Description = "Name or id of the domain it sends for" };
        var organisation = new Option<string>("--organisation") { Description = "Name or id of an organisation: makes an organisation token, for the Domains API" };
        var name = new Option<string>("--name") { Description = "What it's for", DefaultValueFactory = _ => "default" };
        return new Command("create", "Create a token; its secret is shown once") { domain, organisation, name }.Does(async run =>
        {
            var secret = TokenSecret.Generate();
            var token = await run.Get<ApiTokens>().AddAsync(await NewTokenAsync(run, secret), run.Token);
            await run.SayAsync($"Token {token.Id} ({TextTable.Printable(token.Name)}). This is shown once and kept nowhere:");
            await run.SayAsync(secret);
        });

        async Task<NewApiToken> NewTokenAsync(CommandRun run, string secret)
        {
            var label = run.Value(name)!;
            var hash = TokenSecret.Hash(secret);
            var hint = TokenSecret.Hint(secret);
            switch (run.Value(domain), run.Value(organisation))
            {
                case ({ } ofDomain, null):
                    var found = await run.DomainAsync(ofDomain);
                    return new NewApiToken { OrganisationId = found.OrganisationId, DomainId = found.Id, Name = label, SecretHash = hash, Hint = hint };
                case (null, { } ofOrganisation):
                    return new NewApiToken { OrganisationId = (await run.OrganisationAsync(ofOrganisation)).Id, Name = label, SecretHash = hash, Hint = hint };
                default:
                    throw new CommandFailure("Give either --domain (a token that sends) or --organisation (a token for the Domains API).");
            }
        }
    }

    private static Command List()
    {
        var organisation = new Option<string>("--organisation") { Description = "Name or id of an organisation" };
        return new Command("list", "List tokens, without their secrets") { organisation }.Does(async run =>
        {
            var owner = run.Value(organisation) is { } given ? await run.OrganisationAsync(given) : null;
            var table = new TextTable("ID", "NAME", "ORGANISATION", "DOMAIN", "CREATED", "REVOKED");
            foreach (var token in await run.Get<ApiTokens>().ListAsync(owner?.Id, run.Token))
            {
                table.Add(
                    CommandText.Of(token.Id),
                    token.Name,
                    CommandText.Of(token.OrganisationId),
                    token.DomainId is { } domain ? CommandText.Of(domain) : "all (organisation token)",
                    CommandText.Of(token.CreatedAt),
                    CommandText.Of(token.RevokedAt));
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command Revoke()
    {
        var id = new Argument<long>("id") { Description = "Id of the token" };
        return new Command("revoke", "Make a token invalid") { id }.Does(async run =>
        {
            var revoked = await run.Get<ApiTokens>().RevokeAsync(run.Value(id), run.Token)
                ?? throw new CommandFailure($"There is no valid token {run.Value(id)}.");
            await run.SayAsync($"Token {revoked.Id} ({TextTable.Printable(revoked.Name)}) is revoked.");
        });
    }
}
