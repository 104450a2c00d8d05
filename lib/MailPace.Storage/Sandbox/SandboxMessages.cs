using Dapper;
using MailPace.Storage.History;
using Npgsql;
using NpgsqlTypes;

namespace MailPace.Storage.Sandbox;

/// <summary>What the sandbox MX received.</summary>
public sealed class SandboxMessages(Database database, TimeProvider time)
{
    private const string Columns = "id, received_at, reverse_path, recipients, header_to, subject, octet_length(raw) as size";

    /// <summary>Id of the stored message.</summary>
    public async Task<long> AddAsync(NewSandboxMessage message, CancellationToken cancellationToken)
        => (await AddAsync([message], cancellationToken))[0];

    /// <summary>Ids of the stored messages, in one commit: who receives many at once answers them together.</summary>
    public async Task<IReadOnlyList<long>> AddAsync(IReadOnlyList<NewSandboxMessage> messages, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var message in messages)
        {
            var command = new NpgsqlBatchCommand(
                """
                insert into sandbox_messages (received_at, reverse_path, recipients, header_to, subject, raw)
                values ($1, $2, $3, $4, $5, $6)
                returning id
                """);
            command.Parameters.Add(new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            command.Parameters.Add(new() { Value = PostgresText.Storable(message.ReversePath) });
            command.Parameters.Add(new() { Value = message.Recipients.Select(PostgresText.Storable).ToArray() });
            command.Parameters.Add(new() { Value = OrNull(message.HeaderTo), NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = OrNull(message.Subject), NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = message.Raw, NpgsqlDbType = NpgsqlDbType.Bytea });
            batch.BatchCommands.Add(command);
        }

        var ids = new List<long>(messages.Count);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            await reader.ReadAsync(cancellationToken);
            ids.Add(reader.GetInt64(0));
        }
        while (await reader.NextResultAsync(cancellationToken));

        return ids;
    }

    public async Task<IReadOnlyList<SandboxMessage>> ListAsync(SandboxQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<SandboxMessage>(new CommandDefinition(
            $"""
            select {Columns}
            from sandbox_messages
            where received_at >= @since
              and (@to::text is null or strpos(lower(coalesce(header_to, '') || ' ' || array_to_string(recipients, ' ')), lower(@to)) > 0)
              and (@subject::text is null or strpos(lower(coalesce(subject, '')), lower(@subject)) > 0)
            order by id desc
            limit @limit
            """,
            new { since = query.Since ?? DateTimeOffset.UnixEpoch, to = query.To, subject = query.Subject, limit = query.Limit },
            cancellationToken: cancellationToken))];
    }

    public async Task<SandboxMessage?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<SandboxMessage>(new CommandDefinition(
            $"select {Columns} from sandbox_messages where id = @id", new { id }, cancellationToken: cancellationToken));
    }

    public async Task<byte[]?> FindRawAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "select raw from sandbox_messages where id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>Deletes what is older than <paramref name="before"/> and all but the newest <paramref name="keep"/>; answers how many.</summary>
    public async Task<int> TrimAsync(int keep, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            delete from sandbox_messages
            where received_at < @before
               or id <= (select id from sandbox_messages order by id desc offset @keep limit 1)
            """,
            new { keep, before },
            cancellationToken: cancellationToken));
    }

    /// <summary>Deletes everything; answers how many.</summary>
    public async Task<int> ClearAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition("delete from sandbox_messages", cancellationToken: cancellationToken));
    }

    private static object OrNull(string? text) => text is null ? DBNull.Value : PostgresText.Storable(text);
}
