using MailPace.Contracts;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Topology;
using MailPace.Record.Leading;
using MailPace.Storage.History;
using MailPace.Storage.Migrations;
using MailPace.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(PostgresServerFixture))]

namespace MailPace.Record.Tests;

/// <summary>One process of <c>record</c> with its own connections, as another pod would be.</summary>
internal sealed class RecordProcess : IAsyncDisposable
{
    private readonly IHost host;

    private RecordProcess(IHost host) => this.host = host;

    public required LogCapture Log { get; init; }

    public Emails Emails => Get<Emails>();

    public bool IsLeader => Get<RecordLeader>().IsLeader;

    public static RecordProcess Create(NatsServer nats, string postgres, params (string Name, string Value)[] settings)
    {
        var log = new LogCapture();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Nats:Url", nats.Url),
            new("Nats:AckWait", "00:00:05"),
            new("Postgres:ConnectionString", postgres),
            new("Record:LeaderInterval", "00:00:00.200"),
            new("Record:FeedInterval", "00:00:01"),
            new("Reconciler:MaxJobLifetime", "00:00:01"),
            new("Reconciler:Interval", "00:00:00.200"),
        ]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Name, s.Value)));
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddRecord();
        return new RecordProcess(builder.Build()) { Log = log };
    }

    public T Get<T>()
        where T : notnull
        => host.Services.GetRequiredService<T>();

    /// <summary>Schema and streams, without taking part in anything.</summary>
    public async Task PrepareAsync()
    {
        await Get<Migrator>().MigrateAsync(Token);
        await Get<TopologyKeeper>().EnsureAsync(Token);
    }

    public Task StartAsync() => host.StartAsync(Token);

    public Task StopAsync() => host.StopAsync(CancellationToken.None);

    public Task<StoredAt> AcceptAsync(AcceptedEmail email) => Get<MailPublisher>().PublishAsync(email, "From: a@b\r\n\r\nhello\r\n"u8.ToArray());

    public Task<StoredAt> PublishAsync(EmailEvent emailEvent) => Get<EventPublisher>().PublishAsync(emailEvent);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
