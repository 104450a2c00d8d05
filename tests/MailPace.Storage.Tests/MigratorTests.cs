using MailPace.Storage.History;
using MailPace.Storage.Migrations;
using MailPace.Testing;

namespace MailPace.Storage.Tests;

public sealed class MigratorTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MigrateAsync_SecondTime_AppliesNothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        Assert.Empty(await database.Get<Migrator>().MigrateAsync(Token));
    }

    [Fact]
    public async Task MigrateAsync_ManyProcessesAtOnce_ApplyEachOnce()
    {
        var server = await postgres.ServerAsync();
        var connection = await server.CreateDatabaseAsync();
        var processes = Enumerable.Range(0, 4).Select(_ => TestDatabase.Open(connection)).ToArray();

        var applied = await Task.WhenAll(processes.Select(p => p.Get<Migrator>().MigrateAsync(Token)));

        Assert.Single(applied, a => a.Count > 0);
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task MigrateAsync_AppliedMigrationChanged_Refuses()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ScalarAsync<int>("update schema_migrations set checksum = 'other' where number = 2 returning number");

        var error = await Assert.ThrowsAsync<MigrationChangedException>(() => database.Get<Migrator>().MigrateAsync(Token));
        Assert.Contains("0002_create_history", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MigrateAsync_MakesPartitionsAhead()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        var days = await database.Get<DayPartitions>().ListAsync(Token);

        Assert.Equal([new DateOnly(2026, 3, 10), new(2026, 3, 11), new(2026, 3, 12), new(2026, 3, 13)], days);
    }

    [Fact]
    public async Task Contents_NewPartition_CompressesWithLz4()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        var method = await database.ScalarAsync<char>(
            "select attcompression from pg_attribute where attrelid = 'email_contents_20260310'::regclass and attname = 'content'");

        Assert.Equal('l', method);
    }

    [Fact]
    public async Task DropBeforeAsync_DropsWholeDaysOnly()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var partitions = database.Get<DayPartitions>();
        await partitions.EnsureAsync([new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 2)], Token);

        await database.ScalarAsync<string>(
            "insert into tls_sessions (day, domain, key, session, sessions) values ('2026-03-01', 'x.example', '', '', 1), ('2026-03-02', 'y.example', '', '', 1) returning domain");

        var dropped = await partitions.DropBeforeAsync(new DateOnly(2026, 3, 2), Token);

        Assert.Equal([new DateOnly(2026, 3, 1)], dropped);
        Assert.Equal(new DateOnly(2026, 3, 2), (await partitions.ListAsync(Token))[0]);
        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from pg_class where relname like '%_20260301%'"));
        Assert.Equal("y.example", await database.ScalarAsync<string>("select string_agg(domain, ',') from tls_sessions"));
    }
}
