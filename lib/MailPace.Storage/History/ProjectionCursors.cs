using Dapper;
using Npgsql;

namespace MailPace.Storage.History;

/// <summary>The cursors of the projection, one per stream.</summary>
public sealed class ProjectionCursors(Database database, TimeProvider time)
{
    private const string Columns = "stream, sequence, stream_created_at, moved_at";

    /// <summary>The cursor; one at 0 is made for a stream that has none.</summary>
    public async Task<StreamCursor> ReadOrCreateAsync(string stream, DateTimeOffset streamCreatedAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into projection_cursors (stream, sequence, stream_created_at, moved_at)
            values (@stream, 0, @streamCreatedAt, @now)
            on conflict (stream) do nothing
            """,
            new { stream, streamCreatedAt, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
        return await connection.QuerySingleAsync<StreamCursor>(new CommandDefinition(
            $"select {Columns} from projection_cursors where stream = @stream", new { stream }, cancellationToken: cancellationToken));
    }

    /// <summary>Starts over for a stream that was created anew, whose sequences begin at 1 again.</summary>
    public async Task RestartAsync(string stream, DateTimeOffset streamCreatedAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update projection_cursors set sequence = 0, stream_created_at = @streamCreatedAt, moved_at = @now where stream = @stream",
            new { stream, streamCreatedAt, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyList<StreamCursor>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<StreamCursor>(new CommandDefinition(
            $"select {Columns} from projection_cursors order by stream", cancellationToken: cancellationToken))];
    }

    /// <summary>The sequence up to which the stream is projected; 0 when nothing is.</summary>
    public async Task<long> ReadSequenceAsync(string stream, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "select sequence from projection_cursors where stream = @stream", new { stream }, cancellationToken: cancellationToken)) ?? 0;
    }

    /// <summary>
    /// Moves the cursor within the caller's transaction. Comparing with where the batch began makes the projection
    /// exactly once in effect, whoever believes to be the leader.
    /// </summary>
    internal async Task MoveAsync(NpgsqlConnection connection, ProjectedRange range, CancellationToken cancellationToken)
    {
        var moved = await connection.ExecuteAsync(new CommandDefinition(
            """
            update projection_cursors set sequence = @To, moved_at = @now
            where stream = @Stream and sequence = @From
            """,
            new { range.Stream, range.From, range.To, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
        if (moved == 0)
        {
            throw new CursorMovedException(range.Stream);
        }
    }
}
