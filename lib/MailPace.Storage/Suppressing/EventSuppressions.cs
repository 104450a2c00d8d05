using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.History;
using Npgsql;

namespace MailPace.Storage.Suppressing;

/// <summary>Fills the Block List from events, in the transaction that projects them.</summary>
internal static class EventSuppressions
{
    public static async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<EmailEvent> events, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var causes = events.SelectMany(static e => e.Outcomes.Where(Suppresses).Select(outcome => (Event: e, Outcome: outcome))).ToArray();
        if (causes.Length == 0)
        {
            return;
        }

        var added = await connection.QueryAsync<(long? DomainId, long? OrganisationId, string Address)>(new CommandDefinition(
            """
            insert into suppressions (domain_id, organisation_id, address, reason, reply_code, reply_enhanced, reply_text, email_id, event, created_at, expires_at)
            select case when o.suppression_scope = 'domain' then d.id end, case when o.suppression_scope = 'organisation' then o.id end,
                   u.address, u.reason, u.code, u.enhanced, u.text, u.email_id, 'email.' || u.reason, @now, @now + make_interval(days => o.suppression_days)
            from unnest(@domains, @addresses, @reasons, @codes, @enhanced, @texts, @emails)
                as u (domain_id, address, reason, code, enhanced, text, email_id)
            join domains d on d.id = u.domain_id
            join organisations o on o.id = d.organisation_id
            on conflict do nothing
            returning domain_id, organisation_id, address
            """,
            new
            {
                now,
                domains = causes.Select(static c => c.Event.DomainId).ToArray(),
                addresses = causes.Select(static c => PostgresText.Storable(SuppressionTables.Normalise(c.Outcome.Address))).ToArray(),
                reasons = causes.Select(static c => HistoryWords.Of(c.Outcome.State)).ToArray(),
                codes = causes.Select(static c => c.Outcome.Reply.Code).ToArray(),
                enhanced = causes.Select(static c => c.Outcome.Reply.Enhanced is { } code ? PostgresText.Storable(code) : null).ToArray(),
                texts = causes.Select(static c => PostgresText.Storable(c.Outcome.Reply.Text)).ToArray(),
                emails = causes.Select(static c => c.Event.EmailId).ToArray(),
            },
            cancellationToken: cancellationToken));
        await SuppressionTables.PublishAsync(
            connection,
            SuppressionAction.Block,
            added.Select(static row => (Suppressions.OwnerOf(row.DomainId, row.OrganisationId), AddressDigest.Of(row.Address))),
            now,
            cancellationToken);
    }

    /// <summary>Only what the recipient caused and what won't pass: not policy, reputation, quota or spam.</summary>
    private static bool Suppresses(RecipientOutcome outcome) => outcome.State == RecipientState.Complained
        || outcome is { State: RecipientState.Bounced, Fault.MaySuppress: true };
}
