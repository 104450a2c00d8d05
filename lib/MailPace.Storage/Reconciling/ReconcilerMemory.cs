using Dapper;

namespace MailPace.Storage.Reconciling;

/// <summary>What the reconciler remembers over a restart and a change of leader.</summary>
public sealed class ReconcilerMemory(Database database, TimeProvider time)
{
    /// <summary>The value; null when none was ever written.</summary>
    public async Task<string?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select value from reconciler_state where name = @name", new { name }, cancellationToken: cancellationToken));
    }

    public async Task WriteAsync(string name, string value, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into reconciler_state (name, value, changed_at) values (@name, @value, @now)
            on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at
            """,
            new { name, value, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }
}
