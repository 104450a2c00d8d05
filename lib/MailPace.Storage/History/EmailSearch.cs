using Dapper;

namespace MailPace.Storage.History;

/// <summary>An organisation's view of history: nothing of another organisation's is in it.</summary>
public sealed class EmailSearch(Database database)
{
    public async Task<IReadOnlyList<EmailListing>> ListAsync(EmailFilter filter, CancellationToken cancellationToken)
    {
        var (conditions, parameters) = Conditions(filter);
        parameters.Add("limit", filter.Limit);
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<EmailListing>(new CommandDefinition(
            $"""
            select e.id, e.accepted_at, e.domain_id, e.domain, e.header_from, e.subject, e.tags, r.recipients, r.first_recipient, r.states
            from (
                select e.* from emails e
                where {string.Join(" and ", conditions)}
                order by e.accepted_at desc, e.id desc
                limit @limit
            ) e
            cross join lateral (
                select count(*)::integer as recipients,
                       (array_agg(r.address order by r.ordinal))[1] as first_recipient,
                       array_agg(distinct r.state) as states
                from recipients r
                where r.email_id = e.id and r.accepted_at = e.accepted_at
            ) r
            order by e.accepted_at desc, e.id desc
            """,
            parameters,
            cancellationToken: cancellationToken))];
    }

    /// <summary>Recipients of each day by state, of the emails that the filter admits; its limit and cursor don't count.</summary>
    public async Task<IReadOnlyList<StateCount>> CountAsync(EmailFilter filter, CancellationToken cancellationToken)
    {
        var (conditions, parameters) = Conditions(filter with { After = null });
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<StateCount>(new CommandDefinition(
            $"""
            select date_trunc('day', e.accepted_at) as day, r.state, count(*) as recipients
            from emails e join recipients r on r.email_id = e.id and r.accepted_at = e.accepted_at
            where {string.Join(" and ", conditions)}
            group by 1, 2
            order by 1, 2
            """,
            parameters,
            cancellationToken: cancellationToken))];
    }

    private static (List<string> Conditions, DynamicParameters Parameters) Conditions(EmailFilter filter)
    {
        List<string> conditions = ["e.organisation_id = @organisationId"];
        var parameters = new DynamicParameters();
        parameters.Add("organisationId", filter.OrganisationId);
        Add("e.domain_id = @domainId", "domainId", filter.DomainId);
        Add("e.accepted_at >= @since", "since", filter.Since);
        Add("e.accepted_at < @until", "until", filter.Until);
        Add("lower(e.header_from) = lower(@from)", "from", filter.From);
        Add("e.subject ilike @subject", "subject", filter.Subject is { } subject ? $"%{Escape(subject)}%" : null);
        Add("@tag = any(e.tags)", "tag", filter.Tag);
        Add(OfRecipient("lower(r.address) = lower(@recipient)"), "recipient", filter.Recipient);
        Add(OfRecipient("r.state = @state"), "state", filter.State is { } state ? HistoryWords.Of(state) : null);
        if (filter.After is { } after)
        {
            conditions.Add("(e.accepted_at, e.id) < (@afterAt, @afterId)");
            parameters.Add("afterAt", after.AcceptedAt);
            parameters.Add("afterId", after.Id);
        }

        return (conditions, parameters);

        void Add(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                parameters.Add(name, value);
            }
        }
    }

    private static string OfRecipient(string condition)
        => $"exists (select from recipients r where r.email_id = e.id and r.accepted_at = e.accepted_at and {condition})";

    /// <summary>What LIKE takes for itself stands for itself.</summary>
    private static string Escape(string text)
        => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
