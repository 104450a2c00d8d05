using MailPace.Testing;
using Npgsql;

namespace MailPace.Host.Tests;

/// <summary>A start that can't succeed says all that is wrong, in words, and ends with 78 (EX_CONFIG).</summary>
public sealed class StartTests(PostgresServerFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SeveralMistakesInSeveralParts_AreReportedTogether()
    {
        using var someone = Operator.WithoutDatabase("Host=127.0.0.1;Port=1;Username=x;Database=x");
        someone.Set("Reconciler:MaxJobLifetime", "00:05:00");
        someone.Set("Delivery:Route", "pigeon");
        someone.Set("Delivery:Concurrency", "0");
        someone.Set("Nats:Partitions", "many");

        var (exitCode, output, error) = await someone.RunAsync("run");

        Assert.Equal(78, exitCode);
        var said = output + error;
        Assert.Contains("Nats:Partitions: 'many' is not a whole number", said, StringComparison.Ordinal);
        Assert.Contains("Delivery:Route: 'pigeon' is not one of Sandbox, Mx, Smarthost", said, StringComparison.Ordinal);
        Assert.Contains("Delivery:Concurrency", said, StringComparison.Ordinal);
        Assert.Contains("return-path-key", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:09:59", "deliver,record", true)]
    [InlineData("00:09:59", "record", false)]
    [InlineData("00:10:00", "deliver,record", false)]
    public async Task ReconcilerThatWouldNotWaitForJobs_IsAMistakeWhereBothRun(string lifetime, string functions, bool isMistake)
    {
        using var someone = Operator.WithoutDatabase("Host=127.0.0.1;Port=1;Username=x;Database=x");
        someone.Set("Reconciler:MaxJobLifetime", lifetime);
        someone.Set("Host:Functions", functions);
        someone.Set("Nats:Partitions", "0"); // so that it never starts

        var (exitCode, output, error) = await someone.RunAsync("run");

        Assert.Equal(78, exitCode);
        Assert.Contains("Nats:Partitions", output + error, StringComparison.Ordinal);
        Assert.Equal(isMistake, (output + error).Contains("Reconciler:MaxJobLifetime must be at least Delivery:MaxJobLifetime", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("3.23:59:59", "deliver", true)]
    [InlineData("3.23:59:59", "send", false)]
    [InlineData("4.00:00:00", "deliver", false)]
    public async Task MailThatGoesBeforeItsRetriesEnd_IsAMistakeWhereTheyRun(string age, string functions, bool isMistake)
    {
        using var someone = Operator.WithoutDatabase("Host=127.0.0.1;Port=1;Username=x;Database=x");
        someone.Set("Nats:MailMaxAge", age);
        someone.Set("Host:Functions", functions);
        someone.Set("Nats:Partitions", "0"); // so that it never starts

        var (exitCode, output, error) = await someone.RunAsync("run");

        Assert.Equal(78, exitCode);
        Assert.Equal(isMistake, (output + error).Contains("Nats:MailMaxAge must be at least Retry:Horizon and a day", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DatabaseWithoutItsMigrations_IsNamedWhereTheStartMayNotApplyThem()
    {
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync();

        var (exitCode, said) = await StartAndEndAsync(database, migrate: false);

        Assert.Equal(78, exitCode);
        Assert.Contains("The database lacks 0001_", said, StringComparison.Ordinal);
        Assert.Contains("run `mailpace migrate`", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at MailPace.Hosting", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MigrationOfAnotherContent_IsNamed(bool migrate)
    {
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        using (var someone = Operator.WithoutDatabase(database))
        {
            Assert.Equal(0, (await someone.RunAsync("migrate")).ExitCode);
        }

        await using (var source = NpgsqlDataSource.Create(database))
        {
            await using var command = source.CreateCommand("update schema_migrations set checksum = 'other' where number = 1");
            await command.ExecuteNonQueryAsync(Cancel);
        }

        var (exitCode, said) = await StartAndEndAsync(database, migrate);

        Assert.Equal(78, exitCode);
        Assert.Contains("was applied with another content than this build has", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at MailPace.Hosting", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatDoesNotSync_IsNamedWhereItIsRequired()
    {
        await using var nats = await NatsServer.StartAsync(syncInterval: "2m");
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync();

        var (exitCode, said) = await StartAndEndAsync(database, migrate: true, ("Nats:Url", nats.Url), ("Nats:MonitorUrl", nats.MonitorUrl), ("Nats:RequireSync", "true"));

        Assert.Equal(78, exitCode);
        Assert.Contains("Can't start: nats-server stands alone and doesn't sync", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopWhileNatsIsDown_IsQuickAndNoFailure()
    {
        using var someone = Operator.WithoutDatabase("Host=127.0.0.1;Port=1;Username=x;Database=x");
        Prepare(someone);
        var log = Path.Combine(someone.Directory, "log");
        await using var process = someone.Start(log);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!File.Exists(log) || !(await File.ReadAllTextAsync(log, limit.Token)).Contains("Waiting for NATS", StringComparison.Ordinal))
        {
            await Task.Delay(50, limit.Token);
        }

        var stopping = process.TerminateAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Cancel); // the drain alone would wait 30 s

        Assert.Equal(0, await process.Exited);
        var said = await File.ReadAllTextAsync(log, Cancel);
        Assert.DoesNotContain("BackgroundService", said, StringComparison.Ordinal);
        Assert.DoesNotContain("FTL", said, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Said)> StartAndEndAsync(string database, bool migrate, params (string Option, string Value)[] settings)
    {
        using var someone = Operator.WithoutDatabase(database);
        Prepare(someone);
        someone.Set("Start:Migrate", migrate.ToString());
        foreach (var (option, value) in settings)
        {
            someone.Set(option, value);
        }

        var log = Path.Combine(someone.Directory, "log");
        await using var process = someone.Start(log);
        var exitCode = await process.Exited.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        return (exitCode, await File.ReadAllTextAsync(log, Cancel));
    }

    /// <summary>Everything it needs to start but NATS.</summary>
    private static void Prepare(Operator someone)
    {
        File.Copy(Path.Combine(someone.Directory, "dkim-kek"), Path.Combine(someone.Directory, "return-path-key"));
        someone.Set("Nats:Url", $"nats://127.0.0.1:{FreePort.Next()}");
        someone.Set("Http:Url", $"http://127.0.0.1:{FreePort.Next()}");
        someone.Set("Host:Functions", "send,sign,deliver,record");
        someone.Set("Log:Format", "Text");
    }
}
