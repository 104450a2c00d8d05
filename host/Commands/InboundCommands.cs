using System.CommandLine;
using MailPace.Storage.Accounts;
using Microsoft.Extensions.Configuration;

namespace MailPace.Host.Commands;

internal static class InboundCommands
{
    private const int LongestUrl = 2048;

    public static Command Create() => new("inbound", "Inbound hosts: where mail to a customer goes")
    {
        Add(),
        Remove(),
        List(),
    };

    private static Argument<string> HostArgument() => new("host") { Description = "Inbound host: the domain itself, or a name under it" };

    private static Command Add()
    {
        var domain = CommandArguments.Domain();
        var host = HostArgument();
        var url = new Argument<string>("url") { Description = "Where each email is posted: https, may carry user:password@" };
        return new Command("add", "Post mail to *@host to an https endpoint; given again, it changes the endpoint") { domain, host, url }.Does(async run =>
        {
            var found = await run.DomainAsync(run.Value(domain));
            var name = CommandArguments.DomainName(run.Value(host));
            if (name != found.Name && !name.EndsWith("." + found.Name, StringComparison.Ordinal))
            {
                throw new CommandFailure($"{name} is not {found.Name}, nor a name under it.");
            }

            _ = await run.Get<InboundEndpoints>().SetAsync(found, name, Checked(run.Value(url)), run.Token)
                ?? throw new CommandFailure($"Another domain has {name}, and keeps it while it is verified or {found.Name} is not.");
            await run.SayAsync($"Mail to *@{name} is taken when {found.Name} is verified, and waits: this version has no function yet that posts it to the endpoint.");
            await run.SayAsync("When it is to come, publish this record:");
            await run.SayAsync($"  {name}.  {RecordFor(run, found, name)}");
        });
    }

    private static Command Remove()
    {
        var domain = CommandArguments.Domain();
        var host = HostArgument();
        return new Command("remove", "Take no more mail to a host") { domain, host }.Does(async run =>
        {
            var found = await run.DomainAsync(run.Value(domain));
            var name = CommandArguments.DomainName(run.Value(host));
            if (!await run.Get<InboundEndpoints>().RemoveAsync(found.Id, name, run.Token))
            {
                throw new CommandFailure($"{found.Name} has no inbound host {name}.");
            }

            await run.SayAsync($"Mail to *@{name} is refused.");
        });
    }

    private static Command List()
    {
        var domain = CommandArguments.Domain();
        return new Command("list", "List the inbound hosts of a domain") { domain }.Does(async run =>
        {
            var found = await run.DomainAsync(run.Value(domain));
            var table = new TextTable("ID", "HOST", "ENDPOINT", "CREATED");
            foreach (var endpoint in await run.Get<InboundEndpoints>().ListAsync(found.Id, run.Token))
            {
                table.Add(CommandText.Of(endpoint.Id), endpoint.Host, WithoutCredentials(endpoint.Url), CommandText.Of(endpoint.CreatedAt));
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static string Checked(string text)
        => text.Length <= LongestUrl && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.Fragment.Length == 0
            ? text
            : throw new CommandFailure("The endpoint is no https URL.");

    private static string WithoutCredentials(string url) => new UriBuilder(url) { UserName = "", Password = "" }.Uri.ToString();

    /// <summary>A domain itself can't be a CNAME (RFC 1034 §3.6.2).</summary>
    private static string RecordFor(CommandRun run, Domain domain, string host)
    {
        var edge = run.Get<IConfiguration>()["SmtpEdge:HostName"] ?? "localhost";
        return host == domain.Name ? $"MX     10 {edge}." : $"CNAME  {edge}.";
    }
}
