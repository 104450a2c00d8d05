using Dapper;
using MailPace.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace MailPace.Storage.History;

/// <summary>
/// Writes events into <c>delivery_attempts</c>, each once. EVENTS may hold one twice: a publish whose acknowledgement was lost
/// for longer than the dedup window is repeated.
/// </summary>
internal static class AttemptRows
{
    /// <summary>The events that were new. Repeats are rare: they are looked for only when one was in the way.</summary>
    public static async Task<IReadOnlyList<EmailEvent>> AddAsync(NpgsqlConnection connection, IReadOnlyList<EmailEvent> events, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition("savepoint attempts", cancellationToken: cancellationToken));
        try
        {
            await CopyAsync(connection, events, cancellationToken);
            return events;
        }
        catch (PostgresException error) when (PostgresFaults.IsUniqueViolation(error))
        {
            await connection.ExecuteAsync(new CommandDefinition("rollback to savepoint attempts", cancellationToken: cancellationToken));
            var known = await FindKnownAsync(connection, events, cancellationToken);
            EmailEvent[] added = [.. events.Where(emailEvent => known.Add(KeyOf(emailEvent)))];
            await CopyAsync(connection, added, cancellationToken);
            return added;
        }
    }

    private static async Task<HashSet<EventKey>> FindKnownAsync(NpgsqlConnection connection, IReadOnlyList<EmailEvent> events, CancellationToken cancellationToken)
        => [.. (await connection.QueryAsync<KnownEvent>(new CommandDefinition(
            """
            select distinct email_id, job_number, attempt, kind, at
            from delivery_attempts
            where email_id = any(@ids) and accepted_at >= @from and accepted_at <= @to
            """,
            new
            {
                ids = events.Select(e => e.EmailId).Distinct().ToArray(),
                from = events.Min(e => e.AcceptedAt),
                to = events.Max(e => e.AcceptedAt),
            },
            cancellationToken: cancellationToken))).Select(row => new EventKey(row.EmailId, row.JobNumber, row.Attempt, row.Kind, MicrosecondsOf(row.At)))];

    private static EventKey KeyOf(EmailEvent e) => new(e.EmailId, e.JobNumber, e.Attempt, HistoryWords.Of(e.Kind), MicrosecondsOf(e.At));

    /// <summary>As precise as <c>timestamptz</c> is.</summary>
    private static long MicrosecondsOf(DateTimeOffset moment) => moment.UtcTicks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A row per recipient with an outcome; an event about the job as a whole has one row without a recipient.</summary>
    private static async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<EmailEvent> events, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            """
            copy delivery_attempts (email_id, accepted_at, job_number, attempt, kind, at, ordinal, state, reply_code, reply_enhanced,
                                    reply_text, remote_host, remote_address, tls, duration_ms, next_attempt_at, reason,
                                    fault_owner, fault_reason, fault_permanence, tls_policy)
            from stdin (format binary)
            """,
            cancellationToken);
        foreach (var emailEvent in events)
        {
            RecipientOutcome?[] outcomes = emailEvent.Outcomes.Count == 0 ? [null] : [.. emailEvent.Outcomes];
            foreach (var outcome in outcomes)
            {
                await WriteAsync(rows, emailEvent, outcome, cancellationToken);
            }
        }

        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter rows, EmailEvent emailEvent, RecipientOutcome? outcome, CancellationToken cancellationToken)
    {
        await rows.StartRowAsync(cancellationToken);
        await rows.WriteAsync(emailEvent.EmailId, NpgsqlDbType.Bigint, cancellationToken);
        await rows.WriteAsync(emailEvent.AcceptedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await rows.WriteAsync(emailEvent.JobNumber, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteAsync(emailEvent.Attempt, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteTextAsync(HistoryWords.Of(emailEvent.Kind), cancellationToken);
        await rows.WriteAsync(emailEvent.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await rows.WriteNullableAsync(outcome?.Ordinal, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteTextAsync(outcome is null ? null : HistoryWords.Of(outcome.State), cancellationToken);
        await rows.WriteNullableAsync(outcome?.Reply.Code, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteTextAsync(outcome?.Reply.Enhanced, cancellationToken);
        await rows.WriteTextAsync(outcome?.Reply.Text, cancellationToken);
        await rows.WriteTextAsync(emailEvent.RemoteHost, cancellationToken);
        await rows.WriteTextAsync(emailEvent.RemoteAddress, cancellationToken);
        await rows.WriteTextAsync(emailEvent.Tls, cancellationToken);
        await rows.WriteAsync(emailEvent.DurationMilliseconds, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteNullableAsync(
            outcome?.State == RecipientState.Deferred ? emailEvent.NextAttemptAt?.UtcDateTime : null, NpgsqlDbType.TimestampTz, cancellationToken);
        await rows.WriteTextAsync(emailEvent.Reason, cancellationToken);
        await rows.WriteTextAsync(outcome?.Fault is { } blamed ? HistoryWords.Of(blamed.Owner) : null, cancellationToken);
        await rows.WriteTextAsync(outcome?.Fault is { } explained ? HistoryWords.Of(explained.Reason) : null, cancellationToken);
        await rows.WriteTextAsync(outcome?.Fault is { } lasting ? HistoryWords.Of(lasting.Permanence) : null, cancellationToken);
        await rows.WriteTextAsync(emailEvent.TlsPolicy, cancellationToken);
    }

    private sealed record KnownEvent
    {
        public required long EmailId { get; init; }

        public required int JobNumber { get; init; }

        public required int Attempt { get; init; }

        public required string Kind { get; init; }

        public required DateTimeOffset At { get; init; }
    }

    private readonly record struct EventKey(long EmailId, int JobNumber, int Attempt, string Kind, long At);
}
