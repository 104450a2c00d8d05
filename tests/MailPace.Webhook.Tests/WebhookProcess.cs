using System.Security.Cryptography;
using MailPace.Contracts;
using MailPace.Mail.Dkim;
using MailPace.Mail.Sealing;
using MailPace.Mail.Webhooks;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Topology;
using MailPace.Record;
using MailPace.Record.Feeding;
using MailPace.Storage.Accounts;
using MailPace.Storage.Migrations;
using MailPace.Storage.Webhooks;
using MailPace.Testing;
using MailPace.Webhook.Delivering;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(PostgresServerFixture))]

namespace MailPace.Webhook.Tests;

/// <summary><c>webhook</c> and <c>record</c> on real servers of their own, with one domain.</summary>
internal sealed class WebhookProcess : IAsyncDisposable
{
    private static readonly byte[] Kek = RandomNumberGenerator.GetBytes(KeyVault.KeySize);

    private readonly NatsServer _nats;
    private readonly TestDirectory _secrets;
    private readonly IHost _host;
    private long _lastEmail;

    private WebhookProcess(NatsServer nats, TestDirectory secrets, IHost host)
    {
        _nats = nats;
        _secrets = secrets;
        _host = host;
    }

    public Domain Domain { get; private set; } = null!;

    public string PublicKey { get; private set; } = "";

    public WebhookEndpoints Endpoints => Get<WebhookEndpoints>();

    public NatsServer Nats => _nats;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<WebhookProcess> StartAsync(PostgresServerFixture postgres, params (string Name, string Value)[] settings)
    {
        var nats = await NatsServer.StartAsync();
        var secrets = TestDirectory.Create();
        await File.WriteAllTextAsync(secrets.Combine("webhook-kek"), Convert.ToBase64String(Kek), Token);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Nats:Url", nats.Url),
            new("Nats:AckWait", "00:00:05"),
            new("Postgres:ConnectionString", await (await postgres.ServerAsync()).CreateDatabaseAsync()),
            new("Secrets:Directory", secrets.Combine("")),
            new("Record:LeaderInterval", "00:00:00.200"),
            new("Webhooks:AllowedNetworks", "127.0.0.0/8"),
            new("Webhooks:RetryDelays", "00:00:01"),
            new("Webhooks:Timeout", "00:00:03"),
        ]);
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.Services.AddWebhook().AddRecord();
        var process = new WebhookProcess(nats, secrets, builder.Build());
        await process.PrepareAsync();
        return process;
    }

    public T Get<T>()
        where T : notnull
        => _host.Services.GetRequiredService<T>();

    public string PathOf(string secret) => _secrets.Combine(secret);

    public async Task<(WebhookEndpoint Endpoint, WebhookSecret Secret)> AddEndpointAsync(string url, params string[] events)
    {
        var secret = WebhookSecret.Generate();
        using var vault = new KeyVault(Kek);
        var added = await Endpoints.AddAsync(Domain.Id, url, events, vault.Seal(secret.Bytes, SealingContext.WebhookSecret(Domain.Id, url)), Token);
        await Eventually.TrueAsync(() => Get<EndpointSupervisor>().Open.Contains(added.Id), "the endpoint's queue is open");
        return (added, secret);
    }

    public async Task<AcceptedEmail> AcceptAsync(params string[] recipients)
    {
        var id = Interlocked.Increment(ref _lastEmail);
        var email = new AcceptedEmail
        {
            Id = id,
            OrganisationId = Domain.OrganisationId,
            DomainId = Domain.Id,
            TokenId = 1,
            Domain = Domain.Name,
            Source = EmailSource.Api,
            AcceptedAt = TimeProvider.System.GetUtcNow(),
            HeaderFrom = $"sender@{Domain.Name}",
            Recipients = [.. (recipients.Length == 0 ? ["to@example.net"] : recipients).Select(static address => new EnvelopeRecipient(address, RecipientKind.To))],
            MessageId = $"<{id}@{Domain.Name}>",
            Subject = "Grüße",
            Tags = ["welcome"],
            Size = 20,
        };
        await Get<MailPublisher>().PublishAsync(email, "From: sender@acme.example\r\nReply-To: answers@acme.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n"u8.ToArray());
        return email;
    }

    public Task PublishAsync(AcceptedEmail email, RecipientState state, int attempt = 1) => Get<EventPublisher>().PublishAsync(new EmailEvent
    {
        EmailId = email.Id,
        JobNumber = 0,
        Attempt = attempt,
        Kind = EmailEventKind.Attempted,
        OrganisationId = email.OrganisationId,
        DomainId = email.DomainId,
        AcceptedAt = email.AcceptedAt,
        At = TimeProvider.System.GetUtcNow(),
        Outcomes = [new RecipientOutcome { Ordinal = 0, Address = email.Recipients[0].Address, State = state, Reply = new RemoteReply(250, "2.0.0", "ok") }],
    });

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        await _nats.DisposeAsync();
        _secrets.Dispose();
    }

    private async Task PrepareAsync()
    {
        await Get<Migrator>().MigrateAsync(Token);
        await Get<TopologyKeeper>().EnsureAsync(Token);
        var organisation = await Get<Organisations>().AddAsync("Acme", Token);
        Domain = (await Get<Domains>().AddAsync(organisation.Id, "acme.example", Token))!;
        var pair = DkimKeyPair.GenerateEd25519();
        using var vault = new KeyVault(Kek);
        PublicKey = (await Endpoints.EnsureKeyAsync(Domain.Id, new WebhookKey(pair.PublicKey, vault.Seal(pair.Pkcs8, SealingContext.WebhookKey(Domain.Id))), Token)).PublicKey;
        await Get<DirectoryPublisher>().DrainAsync(Token);
        await _host.StartAsync(Token);
    }
}
