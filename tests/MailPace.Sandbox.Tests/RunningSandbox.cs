using System.Text;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Hosting;
using MailPace.Mail.Dkim;
using MailPace.Sandbox.Receiving;
using MailPace.Smtp;
using MailPace.Smtp.Delivery;
using MailPace.Storage.Accounts;
using MailPace.Storage.Migrations;
using MailPace.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(PostgresServerFixture))]

namespace MailPace.Sandbox.Tests;

/// <summary>The sandbox on a real PostgreSQL, reached as in production: by the SMTP client of <c>deliver</c>, and over HTTP.</summary>
internal sealed class RunningSandbox : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningSandbox(WebApplication app)
    {
        this.app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RunningSandbox> StartAsync(PostgresServerFixture postgres, params (string Key, string? Value)[] settings)
    {
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        var builder = MailPaceApplication.CreateBuilder("sandbox", new Dictionary<string, string?>(settings.Select(each => KeyValuePair.Create(each.Key, each.Value)))
        {
            ["Postgres:ConnectionString"] = database,
            ["Start:Migrate"] = "true",
            ["Http:Url"] = "http://127.0.0.1:0",
            ["Sandbox:Port"] = "0",
            ["Log:Level"] = "Warning",
        });
        builder.Services.AddSandbox();
        builder.Services.AddSmtpDelivery();
        var app = builder.Build();
        app.MapMailPace();
        app.MapSandbox();
        await app.Services.GetRequiredService<Migrator>().MigrateAsync(Cancel);
        await app.StartAsync(Cancel);
        return new RunningSandbox(app);
    }

    public T Get<T>()
        where T : notnull
        => app.Services.GetRequiredService<T>();

    /// <summary>Delivers as <c>deliver</c> does, and returns when the sandbox has said 250.</summary>
    public Task DeliverAsync(string mime, params string[] recipients) => DeliverAsync(Encoding.UTF8.GetBytes(mime.ReplaceLineEndings("\r\n")), recipients);

    public async Task DeliverAsync(ReadOnlyMemory<byte> message, params string[] recipients)
    {
        var result = await Get<SmtpDeliverer>().DeliverAsync(
            new DeliveryRequest
            {
                Route = new Route.Fixed("127.0.0.1", Get<SandboxMx>().EndPoint.Address.Port),
                ReversePath = "bounces+1@bounces.example",
                Recipients = [.. recipients.Select((address, i) => new JobRecipient(i, address))],
                Content = new MessageContent([message]),
                Size = message.Length,
                EightBitMime = true,
            },
            Cancel);
        Assert.All(result.Outcomes, outcome => Assert.Equal((RecipientState.Delivered, 250, "2.0.0"), (outcome.State, outcome.Reply.Code, outcome.Reply.Enhanced)));
    }

    /// <summary>A domain of ours, and a signer with its keys. DNS knows nothing of them.</summary>
    public async Task<DkimSigner> AddDomainAsync(string name)
    {
        var organisation = await Get<Organisations>().AddAsync(name, Cancel);
        var domain = (await Get<Domains>().AddAsync(organisation.Id, name, Cancel))!;
        DkimKeyPair[] pairs = [DkimKeyPair.GenerateRsa(), DkimKeyPair.GenerateEd25519()];
        string[] selectors = ["rsa", "ed"];
        await Get<DkimKeys>().AddAsync(
            domain.Id,
            [.. pairs.Zip(selectors, static (pair, selector) => new Contracts.Directory.DkimKeyEntry
            {
                Selector = selector,
                Algorithm = pair.Algorithm,
                PublicKey = pair.PublicKey,
                SealedPrivateKey = "not used here",
            })],
            Cancel);
        return new DkimSigner(name, [.. pairs.Zip(selectors, static (pair, selector) => new DkimSigningKey(selector, pair.Algorithm, pair.Pkcs8))], TimeProvider.System);
    }

    public async Task<JsonElement> ListAsync(string query = "")
    {
        using var answer = await Http.GetAsync(new Uri("/sandbox/messages" + query, UriKind.Relative), Cancel);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
    }

    public async Task<long> NewestAsync() => (await ListAsync("?limit=1"))[0].GetProperty("id").GetInt64();

    public async Task<(HttpResponseMessage Answer, string Html)> PageAsync(string path)
    {
        var answer = await Http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return (answer, await answer.Content.ReadAsStringAsync(Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
