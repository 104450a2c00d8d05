using MailPace.Hosting.Configuration;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Topology;
using MailPace.Storage;
using MailPace.Storage.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MailPace.Hosting.Starting;

/// <summary>
/// A dependency that is down when we start is waited for, with a word each few seconds, and readiness says it meanwhile.
/// With PostgreSQL come the migrations: applied where <see cref="StartOptions.Migrate"/> asks for them, else looked for. What no waiting
/// mends stops the process, in words.
/// </summary>
internal sealed partial class DependencyWait(
    IServiceProvider services, IOptions<StartOptions> options, StartOutcome outcome, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DependencyWait> log)
    : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(NatsAsync(stoppingToken), PromiseAsync(stoppingToken), PostgresAsync(stoppingToken));

    private async Task NatsAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<TopologyKeeper>() is not { } topology)
        {
            return;
        }

        var url = services.GetRequiredService<IOptions<NatsOptions>>().Value.Url;
        try
        {
            while (true)
            {
                try
                {
                    await topology.Ready.WaitAsync(Patience, time, stoppingToken);
                    break;
                }
                catch (TimeoutException)
                {
                    LogWaitingForNats(Redact(url), topology.Fault ?? "");
                }
            }

            LogNatsAnswers(Redact(url));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before NATS came.
        }
    }

    private async Task PromiseAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<ServerCheck>() is not { } server)
        {
            return;
        }

        try
        {
            Stop([await server.Refused.WaitAsync(stoppingToken) + " (Nats:RequireSync)"]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped with its promise kept.
        }
    }

    private void Stop(IReadOnlyList<string> reasons)
    {
        outcome.Fail(reasons);
        lifetime.StopApplication();
    }

    private async Task PostgresAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<Database>() is not { } database)
        {
            return;
        }

        try
        {
            while (!await TryPreparePostgresAsync(database, stoppingToken))
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before PostgreSQL came.
        }
        catch (Exception e) when (StartFailure.Reasons(e) is { Count: > 0 } reasons)
        {
            Stop(reasons);
        }
    }

    private async Task<bool> TryPreparePostgresAsync(Database database, CancellationToken stoppingToken)
    {
        try
        {
            await database.CheckAsync(stoppingToken);
            await EnsureSchemaAsync(services.GetRequiredService<Migrator>(), stoppingToken);

            LogPostgresAnswers();
            return true;
        }
        catch (Exception e) when (e is NpgsqlException { SqlState: null or "57P03" or "53300" } or TimeoutException)
        {
            LogWaitingForPostgres(e.Message);
            return false;
        }
    }

    private async Task EnsureSchemaAsync(Migrator migrator, CancellationToken stoppingToken)
    {
        if (options.Value.Migrate)
        {
            await migrator.MigrateAsync(stoppingToken);
            return;
        }

        var missing = await migrator.FindMissingAsync(stoppingToken);
        if (missing.Count > 0)
        {
            throw new StartException(
                $"The database lacks {string.Join(", ", missing)}: run `mailpace migrate`, or let the start apply it (Start:Migrate, environment: MAILPACE__Start__Migrate=true).");
        }
    }

    /// <summary>A URL may hold a password.</summary>
    private static string Redact(string url)
    {
        var at = url.LastIndexOf('@');
        return at < 0 ? url : url[(at + 1)..];
    }

    [LoggerMessage(EventIds.WaitingForNats, LogLevel.Warning, "Waiting for NATS at {Url}: {Reason}")]
    private partial void LogWaitingForNats(string url, string reason);

    [LoggerMessage(EventIds.NatsAnswers, LogLevel.Information, "NATS at {Url} answers and the streams are there")]
    private partial void LogNatsAnswers(string url);

    [LoggerMessage(EventIds.WaitingForPostgres, LogLevel.Warning, "Waiting for PostgreSQL: {Reason}")]
    private partial void LogWaitingForPostgres(string reason);

    [LoggerMessage(EventIds.PostgresAnswers, LogLevel.Information, "PostgreSQL answers")]
    private partial void LogPostgresAnswers();
}
