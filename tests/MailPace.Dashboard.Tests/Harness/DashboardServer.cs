using System.Security.Cryptography;
using MailPace.Hosting;
using MailPace.Mail.Submission;
using MailPace.Storage.Accounts;
using MailPace.Storage.Migrations;
using MailPace.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(MailPace.Dashboard.Tests.Harness.RunningDashboard))]

namespace MailPace.Dashboard.Tests.Harness;

/// <summary>The function <c>dashboard</c> as its program runs it, with a database of its own.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string secrets;

    private DashboardServer(WebApplication app, string secrets, DnsResponder dns)
    {
        this.app = app;
        this.secrets = secrets;
        Dns = dns;
    }

    public DnsResponder Dns { get; }


    public Uri Url => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<DashboardServer> StartAsync(PostgresServerFixture postgres, params (string Name, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("mailpace-dashboard-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "dkim-kek"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var dns = new DnsResponder();
        var options = new Dictionary<string, string?>
        {
            ["Postgres:ConnectionString"] = await (await postgres.ServerAsync()).CreateDatabaseAsync(),
            ["Secrets:Directory"] = directory,
            ["Http:Url"] = "http://127.0.0.1:0",
            ["Dns:Resolvers:0"] = dns.EndPoint,
            ["Dns:Timeout"] = "00:00:01",
            ["Dns:Retries"] = "0",
            ["Log:Level"] = "Warning",
            ["ReturnPath:Host"] = "bounces.mailpace.test",
        };
        foreach (var (name, value) in settings)
        {
            options[name] = value;
        }

        var builder = MailPaceApplication.CreateBuilder("dashboard", options);
        Function.Handler.MapServices(builder.Services);
        var app = builder.Build();
        app.MapMailPace();
        Function.Handler.MapEndpoints(app);
        await app.Services.GetRequiredService<Migrator>().MigrateAsync(Token);
        await app.StartAsync(Token);
        return new DashboardServer(app, directory, dns);
    }

    public T Get<T>()
        where T : notnull
        => app.Services.GetRequiredService<T>();

    /// <summary>A new organisation, and a client with its token.</summary>
    public async Task<Customer> NewCustomerAsync(string name = "Acme")
    {
        var organisation = await Get<Organisations>().AddAsync(name, Token);
        return new Customer(this, organisation, await NewTokenAsync(organisation.Id, domainId: null));
    }

    public async Task<string> NewTokenAsync(long organisationId, long? domainId)
    {
        var secret = TokenSecret.Generate();
        await Get<ApiTokens>().AddAsync(
            new NewApiToken { OrganisationId = organisationId, DomainId = domainId, Name = "test", SecretHash = TokenSecret.Hash(secret), Hint = TokenSecret.Hint(secret) }, Token);
        return secret;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await Dns.DisposeAsync();
        Directory.Delete(secrets, recursive: true);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
