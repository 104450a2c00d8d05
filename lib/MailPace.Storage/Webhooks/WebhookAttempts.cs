using Dapper;
using MailPace.Storage.History;
using Npgsql;
using NpgsqlTypes;

namespace MailPace.Storage.Webhooks;

/// <summary>The log of attempts.</summary>
public sealed class WebhookAttempts(Database database, DayPartitions partitions)
{
    private const string Columns = "at, endpoint_id, email_id, event_id, event, attempt, replay_id, status, fault, duration_ms, response, next_attempt_at";

    public async Task AddAsync(IReadOnlyList<WebhookAttempt> attempts, CancellationToken cancellationToken)
    {
        await partitions.EnsureAsync(attempts.Select(static attempt => DayPartitions.DayOf(attempt.At)), cancellationToken);
        await database.InTransactionAsync(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition("set local synchronous_commit = off", cancellationToken: cancellationToken));
                await using var rows = await connection.BeginBinaryImportAsync($"copy webhook_attempts ({Columns}) from stdin (format binary)", cancellationToken);
                foreach (var attempt in attempts)
                {
                    await WriteAsync(rows, attempt, cancellationToken);
                }

                await rows.CompleteAsync(cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Attempts of an endpoint, newest first.</summary>
    public async Task<IReadOnlyList<WebhookAttempt>> ListAsync(long endpointId, long? emailId, DateTimeOffset? before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<WebhookAttempt>(new CommandDefinition(
            $"""
            select {Columns} from webhook_attempts
            where endpoint_id = @endpointId and (@emailId::bigint is null or email_id = @emailId) and (@before::timestamptz is null or at < @before)
            order by at desc
            limit @limit
            """,
            new { endpointId, emailId, before, limit },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The endpoint took the event, in this replay or, without one, at first.</summary>
    public async Task<bool> WasTakenAsync(long endpointId, long emailId, string eventId, string? replayId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (
                select from webhook_attempts
                where email_id = @emailId and endpoint_id = @endpointId and event_id = @eventId
                  and replay_id is not distinct from @replayId and status between 200 and 299)
            """,
            new { endpointId, emailId, eventId, replayId },
            cancellationToken: cancellationToken));
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter rows, WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        await rows.StartRowAsync(cancellationToken);
        await rows.WriteAsync(attempt.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await rows.WriteAsync(attempt.EndpointId, NpgsqlDbType.Bigint, cancellationToken);
        await rows.WriteAsync(attempt.EmailId, NpgsqlDbType.Bigint, cancellationToken);
        await rows.WriteTextAsync(attempt.EventId, cancellationToken);
        await rows.WriteTextAsync(attempt.Event, cancellationToken);
        await rows.WriteAsync(attempt.Attempt, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteTextAsync(attempt.ReplayId, cancellationToken);
        await rows.WriteNullableAsync(attempt.Status, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteTextAsync(attempt.Fault, cancellationToken);
        await rows.WriteAsync(attempt.DurationMs, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteTextAsync(attempt.Response, cancellationToken);
        await rows.WriteNullableAsync(attempt.NextAttemptAt?.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
    }
}
