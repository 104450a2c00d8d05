using Dapper;
using MailPace.Contracts;
using MailPace.Storage.History;
using Npgsql;

namespace MailPace.Storage.Webhooks;

/// <summary>Reads from history what webhooks tell: for events whose email isn't at hand, and for replays.</summary>
public sealed class WebhookHistory(Database database)
{
    /// <summary>Outcomes come as late as this after the acceptance: the retries' horizon, and reports after that.</summary>
    private static readonly TimeSpan LatestOutcome = TimeSpan.FromDays(14);

    private const string Columns = "e.id, e.accepted_at, e.domain_id, e.header_from, e.message_id, e.subject, e.tags, e.blob_key, c.content";

    /// <summary>Those of the emails that history knows, without their outcomes.</summary>
    public async Task<IReadOnlyList<RecordedEmail>> FindAsync(IReadOnlyCollection<(long Id, DateTimeOffset AcceptedAt)> emails, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var found = await connection.QueryAsync<RecordedEmail>(new CommandDefinition(
            $"""
            select {Columns} from emails e
            left join email_contents c on c.email_id = e.id and c.accepted_at = e.accepted_at
            where e.id = any(@ids) and e.accepted_at >= @from and e.accepted_at < @to
            """,
            RangeOf([.. emails.Select(static email => email.Id)], emails.Min(static email => email.AcceptedAt), emails.Max(static email => email.AcceptedAt)),
            cancellationToken: cancellationToken));
        return await WithRecipientsAsync(connection, [.. found], cancellationToken);
    }

    /// <summary>A domain's emails that something may have happened to in a time, in order of acceptance, with all that happened to them.</summary>
    public async Task<IReadOnlyList<RecordedEmail>> ListAsync(
        WebhookReplay replay, (DateTimeOffset AcceptedAt, long Id) after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var found = (await connection.QueryAsync<RecordedEmail>(new CommandDefinition(
            $"""
            select {Columns} from emails e
            left join email_contents c on c.email_id = e.id and c.accepted_at = e.accepted_at
            where e.domain_id = @DomainId and e.accepted_at >= @from and e.accepted_at < @To
              and (e.accepted_at, e.id) > (@acceptedAt, @id)
              and (@EmailId::bigint is null or e.id = @EmailId)
            order by e.accepted_at, e.id
            limit @limit
            """,
            new { replay.DomainId, from = replay.From - LatestOutcome, replay.To, replay.EmailId, acceptedAt = after.AcceptedAt, id = after.Id, limit },
            cancellationToken: cancellationToken))).AsList();
        if (found.Count == 0)
        {
            return [];
        }

        var outcomes = (await connection.QueryAsync<RecordedOutcome>(new CommandDefinition(
            """
            select email_id, at, job_number, attempt, ordinal, state, reply_code, reply_enhanced, reply_text
            from delivery_attempts
            where email_id = any(@ids) and accepted_at >= @from and accepted_at < @to and ordinal is not null
            order by at, ordinal
            """,
            RangeOf([.. found.Select(static email => email.Id)], found[0].AcceptedAt, found[^1].AcceptedAt),
            cancellationToken: cancellationToken))).ToLookup(static outcome => outcome.EmailId);
        return [.. (await WithRecipientsAsync(connection, found, cancellationToken)).Select(email => email with { Outcomes = [.. outcomes[email.Id]] })];
    }

    private static async Task<IReadOnlyList<RecordedEmail>> WithRecipientsAsync(NpgsqlConnection connection, List<RecordedEmail> emails, CancellationToken cancellationToken)
    {
        if (emails.Count == 0)
        {
            return [];
        }

        var recipients = (await connection.QueryAsync<(long EmailId, string Address, string Kind)>(new CommandDefinition(
            """
            select email_id, address, kind from recipients
            where email_id = any(@ids) and accepted_at >= @from and accepted_at < @to
            order by email_id, ordinal
            """,
            RangeOf([.. emails.Select(static email => email.Id)], emails.Min(static email => email.AcceptedAt), emails.Max(static email => email.AcceptedAt)),
            cancellationToken: cancellationToken))).ToLookup(static recipient => recipient.EmailId);
        return [.. emails.Select(email => email with
        {
            Recipients = [.. recipients[email.Id].Select(static recipient => new EnvelopeRecipient(recipient.Address, Enum.Parse<RecipientKind>(recipient.Kind, ignoreCase: true)))],
        })];
    }

    /// <summary>Bounds that let PostgreSQL read the days in question only.</summary>
    private static object RangeOf(long[] ids, DateTimeOffset first, DateTimeOffset last) => new
    {
        ids,
        from = DayPartitions.StartOf(DayPartitions.DayOf(first)),
        to = DayPartitions.StartOf(DayPartitions.DayOf(last).AddDays(1)),
    };
}
