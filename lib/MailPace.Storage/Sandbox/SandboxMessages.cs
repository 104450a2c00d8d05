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
                insert into sandbox_messages (received_at, reverse_path, recipients, header_to, subject, raw, search_to, search_subject)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                returning id
                """);
            command.Parameters.Add(new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            command.Parameters.Add(new() { Value = PostgresText.Storable(message.ReversePath) });
            command.Parameters.Add(new() { Value = message.Recipients.Select(PostgresText.Storable).ToArray() });
            command.Parameters.Add(new() { Value = OrNull(message.HeaderTo), NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = OrNull(message.Subject), NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = message.Raw, NpgsqlDbType = NpgsqlDbType.Bytea });
            command.Parameters.Add(new() { Value = Searchable($"{message.HeaderTo} {string.Join(' ', message.Recipients)}") });
            command.Parameters.Add(new() { Value = Searchable(message.Subject ?? "") });
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
              and (@to::text is null or strpos(coalesce(search_to, upper(coalesce(header_to, '') || ' ' || array_to_string(recipients, ' '))), @to) > 0)
              and (@subject::text is null or strpos(coalesce(search_subject, upper(coalesce(subject, ''))), @subject) > 0)
            order by id desc
            limit @limit
            """,
            new
            {
                since = query.Since ?? DateTimeOffset.UnixEpoch,
                to = query.To is { } to ? Searchable(to) : null,
                subject = query.Subject is { } subject ? Searchable(subject) : null,
                limit = query.Limit,
            },
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

    /// <summary>Without case, the same on every database: PostgreSQL's own functions follow its locale.</summary>
    private static string Searchable(string text) => PostgresText.Storable(text).ToUpperInvariant();

    private static object OrNull(string? text) => text is null ? DBNull.Value : PostgresText.Storable(text);
}
