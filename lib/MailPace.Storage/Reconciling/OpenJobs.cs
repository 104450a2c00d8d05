using Dapper;

namespace MailPace.Storage.Reconciling;

/// <summary>The reconciler's reading of history: jobs without an outcome. It walks an index that holds open recipients only.</summary>
public sealed class OpenJobs(Database database)
{
    private const string Select =
        """
        select r.email_id, r.accepted_at, r.job_number, e.organisation_id, e.domain_id, e.mail_partition, e.mail_sequence,
               max(r.attempt) as attempt, max(r.redrives) as redrives,
               max(greatest(r.accepted_at, r.last_event_at, coalesce(r.next_attempt_at, r.accepted_at))) as last_sign_of_life,
               array_agg(r.ordinal order by r.ordinal) as ordinals
        from recipients r join emails e on e.id = r.email_id and e.accepted_at = r.accepted_at
        """;

    private const string Group =
        "group by r.accepted_at, r.email_id, r.job_number, e.organisation_id, e.domain_id, e.mail_partition, e.mail_sequence";

    /// <summary>
    /// The next open jobs whose last sign of life is older than <paramref name="quietSince"/>, in order of acceptance.
    /// </summary>
    public async Task<IReadOnlyList<OpenJob>> ListQuietAsync(OpenJobCursor after, DateTimeOffset quietSince, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<OpenJob>(new CommandDefinition(
            $"""
            {Select}
            where r.state in ('queued', 'deferred')
              and r.accepted_at >= @AcceptedAt and r.accepted_at < @quietSince
              and (r.accepted_at, r.email_id, r.job_number) > (@AcceptedAt, @EmailId, @JobNumber)
            {Group}
            having max(greatest(r.accepted_at, r.last_event_at, coalesce(r.next_attempt_at, r.accepted_at))) < @quietSince
            order by r.accepted_at, r.email_id, r.job_number
            limit @limit
            """,
            new { after.AcceptedAt, after.EmailId, after.JobNumber, quietSince, limit },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Of these jobs the ones that are still open, with the recipients that are open now.</summary>
    public async Task<IReadOnlyList<OpenJob>> ReadAgainAsync(IReadOnlyCollection<OpenJob> jobs, CancellationToken cancellationToken)
    {
        if (jobs.Count == 0)
        {
            return [];
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<OpenJob>(new CommandDefinition(
            $"""
            {Select}
            join unnest(@ids, @numbers) as u (email_id, job_number) on u.email_id = r.email_id and u.job_number = r.job_number
            where r.state in ('queued', 'deferred')
              and r.accepted_at >= @oldest and r.accepted_at <= @newest
            {Group}
            order by r.accepted_at, r.email_id, r.job_number
            """,
            new
            {
                ids = jobs.Select(j => j.EmailId).ToArray(),
                numbers = jobs.Select(j => j.JobNumber).ToArray(),
                oldest = jobs.Min(j => j.AcceptedAt),
                newest = jobs.Max(j => j.AcceptedAt),
            },
            cancellationToken: cancellationToken))];
    }

    /// <summary>How many recipients are open whose email MAIL no longer holds; they can't be re-driven.</summary>
    public async Task<long> CountBeyondRescueAsync(int mailPartition, long firstMailSequence, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            select count(*)
            from recipients r join emails e on e.id = r.email_id and e.accepted_at = r.accepted_at
            where r.state in ('queued', 'deferred') and e.mail_partition = @mailPartition and e.mail_sequence < @firstMailSequence
            """,
            new { mailPartition, firstMailSequence },
            cancellationToken: cancellationToken));
    }
}
