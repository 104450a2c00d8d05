using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MailPace.Storage.History;

/// <summary>
/// The partitions of the history tables, one per UTC day of acceptance. They are made ahead, and on demand for a day that
/// was missed; a day that retention lets go is dropped whole.
/// </summary>
/// <remarks>
/// A partition is made as a table and then attached: ATTACH takes a lock on the parent that readers and writers get past,
/// where CREATE … PARTITION OF would stop them.
/// </remarks>
public sealed partial class DayPartitions(Database database, TimeProvider time, ILogger<DayPartitions> logger)
{
    /// <summary>Days made ahead, so that midnight needs no DDL on the hot path.</summary>
    public const int DaysAhead = 3;

    private static readonly string[] Tables = ["emails", "recipients", "delivery_attempts", "email_contents", "webhook_attempts"];

    private readonly ILogger logger = logger;
    private readonly ConcurrentDictionary<DateOnly, bool> known = new();

    public static DateOnly DayOf(DateTimeOffset acceptedAt) => DateOnly.FromDateTime(acceptedAt.UtcDateTime);

    /// <summary>First moment of a day; the bound that makes PostgreSQL read one partition only.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));

    /// <summary>Makes today's partitions and those of the days ahead.</summary>
    public Task EnsureAheadAsync(CancellationToken cancellationToken)
    {
        var today = DayOf(time.GetUtcNow());
        return EnsureAsync(Enumerable.Range(0, DaysAhead + 1).Select(today.AddDays), cancellationToken);
    }

    public async Task EnsureAsync(IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        var missing = days.Where(d => !known.ContainsKey(d)).Distinct().Order().ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        await database.InTransactionAsync(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "select pg_advisory_xact_lock(@key)", new { key = AdvisoryLocks.Partitions }, cancellationToken: cancellationToken));
                foreach (var day in missing)
                {
                    foreach (var table in Tables)
                    {
                        await EnsureAsync(connection, table, day, cancellationToken);
                    }
                }

                return true;
            },
            cancellationToken);
        foreach (var day in missing)
        {
            known[day] = true;
        }
    }

    /// <summary>Forgets which days exist; for a writer that met a day which another process dropped.</summary>
    public void Forget() => known.Clear();

    public async Task<IReadOnlyList<DateOnly>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var names = await connection.QueryAsync<string>(new CommandDefinition(
            """
            select c.relname
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'emails'::regclass
            order by c.relname
            """,
            cancellationToken: cancellationToken));
        return [.. names.Select(n => DateOnly.ParseExact(n.AsSpan(n.LastIndexOf('_') + 1), "yyyyMMdd", CultureInfo.InvariantCulture))];
    }

    /// <summary>Drops every day before <paramref name="day"/>, and its counts of TLS sessions; answers the days dropped.</summary>
    public async Task<IReadOnlyList<DateOnly>> DropBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var dropped = new List<DateOnly>();
        foreach (var old in (await ListAsync(cancellationToken)).Where(d => d < day))
        {
            await database.InTransactionAsync(
                async connection =>
                {
                    // DROP needs the parent for itself for a moment. Rather fail than let everyone queue behind a long reader.
                    await connection.ExecuteAsync(new CommandDefinition("set local lock_timeout = '5s'", cancellationToken: cancellationToken));
                    await connection.ExecuteAsync(new CommandDefinition(
                        "select pg_advisory_xact_lock(@key)", new { key = AdvisoryLocks.Partitions }, cancellationToken: cancellationToken));
                    foreach (var table in Tables.Reverse())
                    {
                        await connection.ExecuteAsync(new CommandDefinition($"drop table if exists {NameOf(table, old)}", cancellationToken: cancellationToken));
                    }

                    return true;
                },
                cancellationToken);
            known.TryRemove(old, out _);
            dropped.Add(old);
            LogDropped(old);
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("delete from tls_sessions where day < @day", new { day }, cancellationToken: cancellationToken));
        return dropped;
    }

    private async Task EnsureAsync(NpgsqlConnection connection, string table, DateOnly day, CancellationToken cancellationToken)
    {
        var name = NameOf(table, day);
        var exists = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select to_regclass(@name) is not null", new { name }, cancellationToken: cancellationToken));
        if (exists)
        {
            return;
        }

        // Names and bounds come from a date, not from anyone's input; DDL takes no parameters.
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            create table {name} (like {table} including defaults including constraints including storage including compression);
            alter table {table} attach partition {name} for values from ('{Bound(day)}') to ('{Bound(day.AddDays(1))}');
            """,
            cancellationToken: cancellationToken));
        LogCreated(name);
    }

    private static string NameOf(string table, DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{table}_{day:yyyyMMdd}");

    private static string Bound(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} 00:00:00+00");

    [LoggerMessage(EventIds.PartitionCreated, LogLevel.Debug, "Created partition {Partition}")]
    private partial void LogCreated(string partition);

    [LoggerMessage(EventIds.PartitionDropped, LogLevel.Information, "Dropped the history of {Day}")]
    private partial void LogDropped(DateOnly day);
}
