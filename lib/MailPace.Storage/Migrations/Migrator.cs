using Dapper;
using MailPace.Storage.History;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MailPace.Storage.Migrations;

/// <summary>
/// Brings the schema forward: each migration once, in order, in a transaction of its own. Many processes may start at
/// once: an advisory lock lets one work and the others wait. An applied migration never changes; its checksum is compared.
/// </summary>
public sealed partial class Migrator(Database database, DayPartitions partitions, TimeProvider time, ILogger<Migrator> logger)
{
    private readonly ILogger logger = logger;

    /// <summary>Names of the migrations that were applied now; empty when the schema was current.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        var applied = new List<string>();
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_lock(@key)", new { key = AdvisoryLocks.Migrator }, commandTimeout: 0, cancellationToken: cancellationToken));
            try
            {
                var known = await ReadAppliedAsync(connection, cancellationToken);
                foreach (var migration in Migration.ReadEmbedded())
                {
                    if (known.Remove(migration.Number, out var checksum))
                    {
                        Compare(migration, checksum);
                        continue;
                    }

                    await ApplyAsync(connection, migration, cancellationToken);
                    applied.Add(migration.Name);
                }
            }
            finally
            {
                await connection.ExecuteAsync("select pg_advisory_unlock(@key)", new { key = AdvisoryLocks.Migrator });
            }
        }

        await partitions.EnsureAheadAsync(cancellationToken);
        return applied;
    }

    /// <summary>Names of the migrations that the database lacks; changes nothing. A database that is ahead of this build lacks none: migrations are compatible with the running version.</summary>
    /// <exception cref="MigrationChangedException">One was applied with another content.</exception>
    public async Task<IReadOnlyList<string>> FindMissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var exists = await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select to_regclass('schema_migrations') is not null", cancellationToken: cancellationToken));
        var known = exists ? await ReadChecksumsAsync(connection, cancellationToken) : [];
        var missing = new List<string>();
        foreach (var migration in Migration.ReadEmbedded())
        {
            if (known.TryGetValue(migration.Number, out var checksum))
            {
                Compare(migration, checksum);
                continue;
            }

            missing.Add(migration.Name);
        }

        return missing;
    }

    private static async Task<Dictionary<int, string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            """
            create table if not exists schema_migrations (
                number     integer primary key,
                name       text not null,
                checksum   text not null,
                applied_at timestamptz not null
            )
            """,
            cancellationToken: cancellationToken));
        return await ReadChecksumsAsync(connection, cancellationToken);
    }

    private static async Task<Dictionary<int, string>> ReadChecksumsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(int Number, string Checksum)>(new CommandDefinition(
            "select number, checksum from schema_migrations", cancellationToken: cancellationToken));
        return rows.ToDictionary(r => r.Number, r => r.Checksum);
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(migration.Sql, commandTimeout: 0, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into schema_migrations (number, name, checksum, applied_at) values (@Number, @Name, @Checksum, @now)",
            new { migration.Number, migration.Name, migration.Checksum, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        LogApplied(migration.Name);
    }

    private static void Compare(Migration migration, string appliedChecksum)
    {
        if (migration.Checksum != appliedChecksum)
        {
            throw new MigrationChangedException($"Migration {migration.Name} was applied with another content than this build has; migrations are forward only.");
        }
    }

    [LoggerMessage(EventIds.MigrationApplied, LogLevel.Information, "Applied migration {Migration}")]
    private partial void LogApplied(string migration);
}
