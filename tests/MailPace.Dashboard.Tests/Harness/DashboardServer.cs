using System.Security.Cryptography;
using System.Text;
using MailPace.Contracts;
using MailPace.Hosting;
using MailPace.Mail.Submission;
using MailPace.Storage.Accounts;
using MailPace.Storage.History;
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
    private long emailId;

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
        foreach (var secret in (string[])["dkim-kek", "webhook-kek"])
        {
            await File.WriteAllTextAsync(Path.Combine(directory, secret), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

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

    /// <summary>An email in history, and the outcome of its first attempt where it's not queued.</summary>
    public async Task<long> RecordAsync(
        Customer customer,
        long domainId,
        string? subject = "Hello",
        string to = "to@example.net",
        string[]? tags = null,
        RecipientState state = RecipientState.Queued,
        RemoteReply? reply = null,
        TimeSpan age = default,
        string content = "Subject: Hello\r\n\r\nHello\r\n")
    {
        var id = Interlocked.Increment(ref emailId);
        // PostgreSQL keeps microseconds.
        var now = TimeProvider.System.GetUtcNow();
        var acceptedAt = new DateTimeOffset(now.Ticks - (now.Ticks % 10_000_000), TimeSpan.Zero) - age;
        var email = new AcceptedEmail
        {
            Id = id,
            OrganisationId = customer.OrganisationId,
            DomainId = domainId,
            TokenId = 1,
            Domain = "acme.example",
            Source = EmailSource.Api,
            AcceptedAt = acceptedAt,
            HeaderFrom = "app@acme.example",
            Recipients = [new EnvelopeRecipient(to, RecipientKind.To)],
            MessageId = $"<{id}@acme.example>",
            Subject = subject,
            Tags = tags ?? [],
            Size = content.Length,
        };
        var projection = Get<Projection>();
        var projected = new ProjectedEmail { Email = email, MailPartition = 0, MailSequence = id, JobNumbers = [0], Content = Encoding.UTF8.GetBytes(content) };
        await ApplyAsync($"MAIL-{id}", range => projection.ApplyMailAsync(range, [projected], Token));
        if (state != RecipientState.Queued)
        {
            var attempted = new EmailEvent
            {
                EmailId = id,
                JobNumber = 0,
                Attempt = 1,
                Kind = EmailEventKind.Attempted,
                OrganisationId = email.OrganisationId,
                DomainId = domainId,
                AcceptedAt = acceptedAt,
                At = acceptedAt.AddSeconds(1),
                RemoteHost = "mx.example.net",
                RemoteAddress = "192.0.2.1:25",
                Tls = "TLS 1.3",
                Outcomes = [new RecipientOutcome { Ordinal = 0, Address = to, State = state, Reply = reply ?? new RemoteReply(250, "2.0.0", "OK") }],
            };
            await ApplyAsync($"EVENTS-{id}", range => projection.ApplyEventsAsync(range, [attempted], Token));
        }

        return id;

        async Task ApplyAsync(string stream, Func<ProjectedRange, Task> apply)
        {
            await Get<ProjectionCursors>().ReadOrCreateAsync(stream, acceptedAt, Token);
            await apply(new ProjectedRange(stream, 0, 1));
        }
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
