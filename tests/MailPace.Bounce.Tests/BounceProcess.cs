using System.Security.Cryptography;
using MailPace.Contracts;
using MailPace.Mail.ReturnPaths;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Topology;
using MailPace.Record;
using MailPace.Storage.History;
using MailPace.Storage.Migrations;
using MailPace.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(PostgresServerFixture))]

namespace MailPace.Bounce.Tests;

/// <summary><c>bounce</c> and <c>record</c> on real servers of their own.</summary>
internal sealed class BounceProcess : IAsyncDisposable
{
    private readonly NatsServer _nats;
    private readonly TestDirectory _secrets;
    private readonly IHost _host;
    private long _lastInbound = 1_000_000;

    private BounceProcess(NatsServer nats, TestDirectory secrets, IHost host)
    {
        _nats = nats;
        _secrets = secrets;
        _host = host;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<BounceProcess> StartAsync(PostgresServerFixture postgres)
    {
        var nats = await NatsServer.StartAsync();
        var secrets = TestDirectory.Create();
        await File.WriteAllTextAsync(secrets.Combine("return-path-key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Token);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Nats:Url", nats.Url),
            new("Nats:AckWait", "00:00:05"),
            new("Postgres:ConnectionString", await (await postgres.ServerAsync()).CreateDatabaseAsync()),
            new("Secrets:Directory", secrets.Combine("")),
            new("Record:LeaderInterval", "00:00:00.200"),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.Services.AddBounce().AddRecord();
        var process = new BounceProcess(nats, secrets, builder.Build());
        await process.Get<Migrator>().MigrateAsync(Token);
        await process.Get<TopologyKeeper>().EnsureAsync(Token);
        await process._host.StartAsync(Token);
        return process;
    }

    public T Get<T>()
        where T : notnull
        => _host.Services.GetRequiredService<T>();

    /// <summary>An email that history knows as delivered.</summary>
    public async Task<AcceptedEmail> DeliveredAsync(long id, params string[] recipients)
    {
        var email = new AcceptedEmail
        {
            Id = id,
            OrganisationId = 1,
            DomainId = 2,
            TokenId = 3,
            Domain = "acme.example",
            Source = EmailSource.Api,
            AcceptedAt = TimeProvider.System.GetUtcNow(),
            HeaderFrom = "sender@acme.example",
            Recipients = [.. recipients.Select(static address => new EnvelopeRecipient(address, RecipientKind.To))],
            MessageId = $"<{id}@acme.example>",
            Size = 20,
        };
        await Get<MailPublisher>().PublishAsync(email, "From: sender@acme.example\r\n\r\nhello\r\n"u8.ToArray());
        await Get<EventPublisher>().PublishAsync(new EmailEvent
        {
            EmailId = id,
            JobNumber = 0,
            Attempt = 1,
            Kind = EmailEventKind.Attempted,
            OrganisationId = 1,
            DomainId = 2,
            AcceptedAt = email.AcceptedAt,
            At = TimeProvider.System.GetUtcNow(),
            Outcomes = [.. recipients.Select((address, ordinal) => new RecipientOutcome { Ordinal = ordinal, Address = address, State = RecipientState.Delivered, Reply = new RemoteReply(250, null, "ok") })],
        });
        await Eventually.TrueAsync(async () => (await FindAsync(id))?.Recipients.All(recipient => recipient.State == RecipientState.Delivered) == true, "history knows the email as delivered");
        return email;
    }

    public Task<EmailHistory?> FindAsync(long id) => Get<Emails>().FindAsync(id, Token);

    public string ReturnPathOf(long id) => Get<ReturnPathIssuer>().Issue(id, 0, "bounces.mailpace.example");

    public Task ReceiveAsync(InboundKind kind, string recipient, string mime)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(mime.ReplaceLineEndings("\r\n"));
        return Get<InboundPublisher>().PublishAsync(
            new InboundMessage
            {
                Id = Interlocked.Increment(ref _lastInbound),
                Kind = kind,
                ReceivedAt = TimeProvider.System.GetUtcNow(),
                TransactionId = "T.1",
                ClientAddress = "192.0.2.1",
                Helo = "mx.example.net",
                ReversePath = "",
                Recipients = [new InboundRecipient(recipient)],
                Size = content.Length,
            },
            content);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        await _nats.DisposeAsync();
        _secrets.Dispose();
    }
}
