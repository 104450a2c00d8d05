using Dapper;
using MailPace.Contracts;
using MailPace.Storage.Suppressing;
using Npgsql;
using NpgsqlTypes;

namespace MailPace.Storage.History;

/// <summary>
/// Writes batches of MAIL and EVENTS into the history tables: binary COPY for what is new, one set-based UPDATE per day
/// for what changes, and the stream's cursor, all in one transaction. Applied again after a crash, a batch finds the cursor
/// moved and writes nothing.
/// </summary>
/// <remarks>
/// Its transactions don't wait for the disk: what a crash of PostgreSQL takes back, it takes back together with the cursor,
/// and MAIL and EVENTS still hold it.
/// </remarks>
public sealed class Projection(Database database, DayPartitions partitions, ProjectionCursors cursors, TimeProvider time)
{
    /// <exception cref="CursorMovedException">Another projector was faster.</exception>
    public async Task ApplyMailAsync(ProjectedRange range, IReadOnlyList<ProjectedEmail> emails, CancellationToken cancellationToken)
    {
        await InDaysOfAsync(
            emails.Select(e => e.Email.AcceptedAt),
            async connection =>
            {
                // First, so that a projector that lost its place finds out before it writes.
                await cursors.MoveAsync(connection, range, cancellationToken);
                if (emails.Count > 0)
                {
                    await CopyEmailsAsync(connection, emails, cancellationToken);
                    await CopyRecipientsAsync(connection, emails, cancellationToken);
                    await CopyContentsAsync(connection, emails, cancellationToken);
                }
            },
            cancellationToken);
    }

    /// <exception cref="CursorMovedException">Another projector was faster.</exception>
    public async Task ApplyEventsAsync(ProjectedRange range, IReadOnlyList<EmailEvent> events, CancellationToken cancellationToken)
    {
        await InDaysOfAsync(
            events.Select(e => e.AcceptedAt),
            async connection =>
            {
                await cursors.MoveAsync(connection, range, cancellationToken);
                if (events.Count > 0)
                {
                    var added = await AttemptRows.AddAsync(connection, events, cancellationToken);
                    await TlsSessionRows.AddAsync(connection, added, cancellationToken);
                    await RecipientUpdates.ApplyAsync(connection, added, cancellationToken);
                    await EventSuppressions.ApplyAsync(connection, added, time.GetUtcNow(), cancellationToken);
                }
            },
            cancellationToken);
    }

    private async Task InDaysOfAsync(IEnumerable<DateTimeOffset> times, Func<NpgsqlConnection, Task> write, CancellationToken cancellationToken)
    {
        var days = times.Select(DayPartitions.DayOf).ToHashSet();
        try
        {
            await WriteAsync();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CheckViolation)
        {
            // "No partition of relation found for row": retention dropped the day that this process believed to be there.
            partitions.Forget();
            await WriteAsync();
        }

        async Task WriteAsync()
        {
            await partitions.EnsureAsync(days, cancellationToken);
            await database.InTransactionAsync(
                async connection =>
                {
                    await connection.ExecuteAsync(new CommandDefinition("set local synchronous_commit = off", cancellationToken: cancellationToken));
                    await write(connection);
                    return true;
                },
                cancellationToken);
        }
    }

    private static async Task CopyEmailsAsync(NpgsqlConnection connection, IReadOnlyList<ProjectedEmail> emails, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            """
            copy emails (id, accepted_at, organisation_id, domain_id, token_id, domain, source, header_from, reverse_path,
                         message_id, subject, tags, size, blob_key, mail_partition, mail_sequence)
            from stdin (format binary)
            """,
            cancellationToken);
        foreach (var projected in emails)
        {
            var email = projected.Email;
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(email.Id, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(email.AcceptedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(email.OrganisationId, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(email.DomainId, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(email.TokenId, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteTextAsync(email.Domain, cancellationToken);
            await rows.WriteTextAsync(HistoryWords.Of(email.Source), cancellationToken);
            await rows.WriteTextAsync(email.HeaderFrom, cancellationToken);
            await rows.WriteTextAsync(email.ReversePath, cancellationToken);
            await rows.WriteTextAsync(email.MessageId, cancellationToken);
            await rows.WriteTextAsync(email.Subject, cancellationToken);
            await rows.WriteAsync(email.Tags.Select(PostgresText.Storable).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(email.Size, NpgsqlDbType.Integer, cancellationToken);
            await rows.WriteTextAsync(email.BlobKey, cancellationToken);
            await rows.WriteAsync(projected.MailPartition, NpgsqlDbType.Integer, cancellationToken);
            await rows.WriteAsync(projected.MailSequence, NpgsqlDbType.Bigint, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task CopyRecipientsAsync(NpgsqlConnection connection, IReadOnlyList<ProjectedEmail> emails, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            """
            copy recipients (email_id, accepted_at, ordinal, address, kind, job_number, state, state_at, last_sign_at)
            from stdin (format binary)
            """,
            cancellationToken);
        foreach (var projected in emails)
        {
            var email = projected.Email;
            for (var ordinal = 0; ordinal < email.Recipients.Count; ordinal++)
            {
                await rows.StartRowAsync(cancellationToken);
                await rows.WriteAsync(email.Id, NpgsqlDbType.Bigint, cancellationToken);
                await rows.WriteAsync(email.AcceptedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                await rows.WriteAsync(ordinal, NpgsqlDbType.Integer, cancellationToken);
                await rows.WriteTextAsync(email.Recipients[ordinal].Address, cancellationToken);
                await rows.WriteTextAsync(HistoryWords.Of(email.Recipients[ordinal].Kind), cancellationToken);
                await rows.WriteAsync(projected.JobNumbers[ordinal], NpgsqlDbType.Integer, cancellationToken);
                await rows.WriteTextAsync(HistoryWords.Of(RecipientState.Queued), cancellationToken);
                await rows.WriteAsync(email.AcceptedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                await rows.WriteAsync(email.AcceptedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            }
        }

        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task CopyContentsAsync(NpgsqlConnection connection, IReadOnlyList<ProjectedEmail> emails, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            "copy email_contents (email_id, accepted_at, content) from stdin (format binary)", cancellationToken);
        foreach (var projected in emails.Where(e => e.Email.BlobKey is null))
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(projected.Email.Id, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(projected.Email.AcceptedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(projected.Content, NpgsqlDbType.Bytea, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }
}
