using Dapper;
using MailPace.Storage;
using Npgsql;

namespace MailPace.Record.Leading;

/// <summary>
/// Leadership as a session advisory lock: PostgreSQL gives it to one connection and takes it back when that connection ends, so a
/// leader that died needs no timeout of ours.
/// </summary>
internal sealed class LeaderLock : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private LeaderLock(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>The lock, or null while another process has it.</summary>
    public static async Task<LeaderLock?> TryTakeAsync(Database database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        try
        {
            var taken = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "select pg_try_advisory_lock(@key)", new { key = AdvisoryLocks.RecordLeader }, cancellationToken: cancellationToken));
            if (taken)
            {
                return new LeaderLock(connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Throws when the connection, and with it the lock, is gone.</summary>
    public Task CheckAsync(CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition("select 1", cancellationToken: cancellationToken));

    /// <summary>Back into the pool, which resets the session: that gives the lock back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (connection.State == System.Data.ConnectionState.Open)
        {
            try
            {
                await connection.ExecuteAsync("select pg_advisory_unlock_all()");
            }
            catch (Exception gone) when (PostgresFaults.IsTransient(gone))
            {
                // The session is over, and the lock with it.
            }
        }

        await connection.DisposeAsync();
    }
}
