using Dapper;

namespace MailPace.Storage.Reconciling;

/// <summary>The reconciler's reading of history: jobs without an outcome. It walks an index that holds open recipients only.</summary>
public sealed class OpenJobs(Database database)
{
    private const string Columns =
        """
        r.email_id, r.accepted_at, r.job_number, e.organisation_id, e.domain_id, e.mail_partition, e.mail_sequence,
               max(r.attempt) as attempt, max(r.redrives) as redrives, max(r.last_sign_at) as last_sign_at,
               array_agg(r.ordinal order by r.ordinal) as ordinals
        """;

    private const string From = "from recipients r join emails e on e.id = r.email_id and e.accepted_at = r.accepted_at";

    private const string Group =
        "group by r.accepted_at, r.email_id, r.job_number, e.organisation_id, e.domain_id, e.mail_partition, e.mail_sequence";

    /// <summary>
    /// The next open jobs that were silent since <paramref name="quietSince"/>, the most silent first, of emails accepted
    /// at <paramref name="horizon"/> or later. Ask once more with the last one to walk on.
    /// </summary>
    public async Task<IReadOnlyList<OpenJob>> ListQuietAsync(
        OpenJobCursor after, DateTimeOffset quietSince, DateTimeOffset horizon, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<OpenJob>(new CommandDefinition(
            $"""
            with quiet as (
                select r.email_id, r.accepted_at, r.job_number, max(r.last_sign_at) as last_sign_at
                from recipients r
                where r.state in ('queued', 'deferred')
                  and r.last_sign_at < @quietSince and r.last_sign_at >= @QuietAt and r.accepted_at >= @horizon
                  and (r.last_sign_at, r.email_id, r.job_number) > (@QuietAt, @EmailId, @JobNumber)
                group by r.email_id, r.accepted_at, r.job_number, r.last_sign_at
                order by r.last_sign_at, r.email_id, r.job_number
                limit @limit
            ), jobs as (
                select email_id, accepted_at, job_number, max(last_sign_at) as last_sign_at from quiet group by email_id, accepted_at, job_number
            )
            select {Columns}, max(q.last_sign_at) as quiet_at
            {From}
            join jobs q on q.email_id = r.email_id and q.accepted_at = r.accepted_at and q.job_number = r.job_number
            where r.state in ('queued', 'deferred') and r.accepted_at >= @horizon
            {Group}
            order by quiet_at, r.email_id, r.job_number
            """,
            new { after.QuietAt, after.EmailId, after.JobNumber, quietSince, horizon, limit },
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
            select {Columns}, max(r.last_sign_at) as quiet_at
            {From}
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
}
