using Dapper;

namespace MailPace.Storage.History;

/// <summary>Reads history.</summary>
public sealed class Emails(Database database)
{
    public async Task<IReadOnlyList<EmailSummary>> ListAsync(EmailQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<EmailSummary>(new CommandDefinition(
            """
            select e.id, e.accepted_at, e.domain, e.header_from, e.subject, r.recipients, r.first_recipient, r.states
            from emails e
            cross join lateral (
                select count(*)::integer as recipients,
                       (array_agg(r.address order by r.ordinal))[1] as first_recipient,
                       array_agg(distinct r.state) as states
                from recipients r
                where r.email_id = e.id and r.accepted_at = e.accepted_at
            ) r
            where e.accepted_at >= @since
              and (@domainId::bigint is null or e.domain_id = @domainId)
              and ((@state::text is null and @recipient::text is null) or exists (
                    select from recipients r
                    where r.email_id = e.id and r.accepted_at = e.accepted_at
                      and (@state is null or r.state = @state)
                      and (@recipient is null or lower(r.address) = lower(@recipient))))
            order by e.accepted_at desc, e.id desc
            limit @limit
            """,
            new
            {
                since = query.Since ?? DateTimeOffset.UnixEpoch,
                domainId = query.DomainId,
                state = query.State is { } state ? HistoryWords.Of(state) : null,
                recipient = query.Recipient,
                limit = query.Limit,
            },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The highest id in history; null when it is empty.</summary>
    public async Task<long?> HighestIdAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition("select max(id) from emails", cancellationToken: cancellationToken));
    }

    /// <summary>One email with its recipients and timeline; null when history has none of that id (yet).</summary>
    public async Task<EmailHistory?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var email = await connection.QueryFirstOrDefaultAsync<EmailHistory>(new CommandDefinition(
            """
            select id, accepted_at, organisation_id, domain_id, token_id, domain, source, header_from, reverse_path, message_id,
                   subject, tags, size, blob_key, mail_partition, mail_sequence
            from emails where id = @id
            """,
            new { id },
            cancellationToken: cancellationToken));
        if (email is null)
        {
            return null;
        }

        var day = DayPartitions.DayOf(email.AcceptedAt);
        var parameters = new { id, from = DayPartitions.StartOf(day), to = DayPartitions.StartOf(day.AddDays(1)) };
        var recipients = await connection.QueryAsync<RecipientHistory>(new CommandDefinition(
            """
            select ordinal, address, kind, job_number, state, attempt, state_at, next_attempt_at, reply_code, reply_enhanced, reply_text,
                   fault_owner, fault_reason, fault_permanence
            from recipients
            where email_id = @id and accepted_at >= @from and accepted_at < @to
            order by ordinal
            """,
            parameters,
            cancellationToken: cancellationToken));
        var timeline = await connection.QueryAsync<TimelineEntry>(new CommandDefinition(
            """
            select at, kind, job_number, attempt, ordinal, state, reply_code, reply_enhanced, reply_text, remote_host, remote_address,
                   tls, duration_ms, next_attempt_at, reason, fault_owner, fault_reason, fault_permanence, tls_policy
            from delivery_attempts
            where email_id = @id and accepted_at >= @from and accepted_at < @to
            order by at, job_number, attempt, ordinal
            """,
            parameters,
            cancellationToken: cancellationToken));
        return email with { Recipients = [.. recipients], Timeline = [.. timeline] };
    }

    /// <summary>The MIME as accepted; null when it is in the blob store or not known.</summary>
    public async Task<byte[]?> FindContentAsync(long id, DateTimeOffset acceptedAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var day = DayPartitions.DayOf(acceptedAt);
        return await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "select content from email_contents where email_id = @id and accepted_at >= @from and accepted_at < @to",
            new { id, from = DayPartitions.StartOf(day), to = DayPartitions.StartOf(day.AddDays(1)) },
            cancellationToken: cancellationToken));
    }
}
