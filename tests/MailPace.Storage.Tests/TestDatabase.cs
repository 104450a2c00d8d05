using MailPace.Storage.Migrations;
using MailPace.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(PostgresServerFixture))]

namespace MailPace.Storage.Tests;

/// <summary>A migrated database of its own for one test, with every repository.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider services;

    private TestDatabase(string connectionString, FakeTimeProvider time)
    {
        Time = time;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Postgres:ConnectionString", connectionString)])
            .Build();
        services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(time)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddStorage()
            .BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; }

    public static async Task<TestDatabase> CreateAsync(PostgresServerFixture fixture)
    {
        var server = await fixture.ServerAsync();
        var database = Open(await server.CreateDatabaseAsync());
        await database.Get<Migrator>().MigrateAsync(TestContext.Current.CancellationToken);
        return database;
    }

    /// <summary>As another process would, without migrating.</summary>
    public static TestDatabase Open(string connectionString) => new(connectionString, new FakeTimeProvider(Noon));

    public T Get<T>()
        where T : notnull
        => services.GetRequiredService<T>();

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await Get<Database>().OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync() => await services.DisposeAsync();
}
