using Dapper;
using MailPace.Contracts;
using Npgsql;

namespace MailPace.Storage.History;

/// <summary>
/// Carries a batch of events over to the recipients' rows, in statements over sets, one set per day so that PostgreSQL
/// touches one partition.
/// </summary>
/// <remarks>
/// Events may come twice and out of order. A final state yields to a later final one only (delivered, then bounced by a
/// report); an open state yields to any final one and to the open one of a later attempt. Later is by (attempt, at); a report
/// belongs to no attempt, so that the time alone counts. A report of a delay is history and no state: the next server has the email.
/// </remarks>
internal static class RecipientUpdates
{
    public static async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<EmailEvent> events, CancellationToken cancellationToken)
    {
        foreach (var day in events.GroupBy(e => DayPartitions.DayOf(e.AcceptedAt)).OrderBy(g => g.Key))
        {
            await ApplyOutcomesAsync(connection, day.Key, WinnerPerRecipient(day), cancellationToken);
            await ApplySignsOfLifeAsync(connection, day.Key, [.. day], cancellationToken);
        }
    }

    internal static bool IsFinal(RecipientState state) => state is not (RecipientState.Queued or RecipientState.Deferred);

    /// <summary>UPDATE … FROM takes any one of several matching rows, so the batch is settled before.</summary>
    private static Update[] WinnerPerRecipient(IEnumerable<EmailEvent> events)
    {
        var winners = new Dictionary<(long EmailId, int Ordinal), Update>();
        foreach (var emailEvent in events)
        {
            foreach (var outcome in emailEvent.Outcomes)
            {
                if (emailEvent.Kind == EmailEventKind.Reported && !IsFinal(outcome.State))
                {
                    continue;
                }

                var update = new Update(emailEvent, outcome);
                var key = (emailEvent.EmailId, outcome.Ordinal);
                if (!winners.TryGetValue(key, out var other) || update.Supersedes(other))
                {
                    winners[key] = update;
                }
            }
        }

        return [.. winners.Values];
    }

    private static async Task ApplyOutcomesAsync(NpgsqlConnection connection, DateOnly day, Update[] updates, CancellationToken cancellationToken)
    {
        if (updates.Length == 0)
        {
            return;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            update recipients r
            set state = u.state, attempt = case when u.attempt = 0 then r.attempt else u.attempt end, state_at = u.at, next_attempt_at = u.next_attempt_at,
                last_sign_at = greatest(r.last_sign_at, u.at, u.next_attempt_at),
                reply_code = u.reply_code, reply_enhanced = u.reply_enhanced, reply_text = u.reply_text,
                fault_owner = u.fault_owner, fault_reason = u.fault_reason, fault_permanence = u.fault_permanence
            from unnest(@ids, @ordinals, @states, @attempts, @ats, @nexts, @codes, @enhanced, @texts, @owners, @reasons, @permanences)
                as u (email_id, ordinal, state, attempt, at, next_attempt_at, reply_code, reply_enhanced, reply_text, fault_owner, fault_reason, fault_permanence)
            where r.email_id = u.email_id and r.ordinal = u.ordinal
              and r.accepted_at >= @from and r.accepted_at < @to
              and case
                    when r.state in ('queued', 'deferred') and u.state in ('queued', 'deferred') then (u.attempt, u.at) > (r.attempt, r.state_at)
                    when r.state in ('queued', 'deferred') then true
                    when u.state in ('queued', 'deferred') then false
                    when u.attempt = 0 or r.attempt = 0 then u.at > r.state_at
                    else (u.attempt, u.at) > (r.attempt, r.state_at)
                  end
            """,
            new
            {
                from = DayPartitions.StartOf(day),
                to = DayPartitions.StartOf(day.AddDays(1)),
                ids = updates.Select(u => u.Event.EmailId).ToArray(),
                ordinals = updates.Select(u => u.Outcome.Ordinal).ToArray(),
                states = updates.Select(u => HistoryWords.Of(u.Outcome.State)).ToArray(),
                attempts = updates.Select(u => u.Event.Attempt).ToArray(),
                ats = updates.Select(u => u.Event.At.UtcDateTime).ToArray(),
                nexts = updates.Select(u => u.NextAttemptAt).ToArray(),
                codes = updates.Select(u => u.Outcome.Reply.Code).ToArray(),
                enhanced = updates.Select(u => u.Outcome.Reply.Enhanced is { } code ? PostgresText.Storable(code) : null).ToArray(),
                texts = updates.Select(u => PostgresText.Storable(u.Outcome.Reply.Text)).ToArray(),
                owners = updates.Select(u => u.Outcome.Fault is { } fault ? HistoryWords.Of(fault.Owner) : null).ToArray(),
                reasons = updates.Select(u => u.Outcome.Fault is { } fault ? HistoryWords.Of(fault.Reason) : null).ToArray(),
                permanences = updates.Select(u => u.Outcome.Fault is { } fault ? HistoryWords.Of(fault.Permanence) : null).ToArray(),
            },
            cancellationToken: cancellationToken));
    }

    /// <summary>Events of a job as a whole, without outcomes: the reconciler leaves alone what lived lately, and counts its own work.</summary>
    private static async Task ApplySignsOfLifeAsync(NpgsqlConnection connection, DateOnly day, IReadOnlyList<EmailEvent> events, CancellationToken cancellationToken)
    {
        var jobs = events
            .Where(e => e.Outcomes.Count == 0)
            .GroupBy(e => (e.EmailId, e.JobNumber))
            .Select(g => (g.Key.EmailId, g.Key.JobNumber, At: g.Max(e => e.At), Redrives: g.Count(e => e.Kind == EmailEventKind.Redriven)))
            .ToArray();

        if (jobs.Length == 0)
        {
            return;
        }

        // Open rows only: nobody asks when a finished job lived last.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update recipients r
            set last_sign_at = greatest(r.last_sign_at, u.at), redrives = r.redrives + u.redrives
            from unnest(@ids, @jobs, @ats, @redrives) as u (email_id, job_number, at, redrives)
            where r.email_id = u.email_id and r.job_number = u.job_number
              and r.accepted_at >= @from and r.accepted_at < @to
              and r.state in ('queued', 'deferred')
            """,
            new
            {
                from = DayPartitions.StartOf(day),
                to = DayPartitions.StartOf(day.AddDays(1)),
                ids = jobs.Select(j => j.EmailId).ToArray(),
                jobs = jobs.Select(j => j.JobNumber).ToArray(),
                ats = jobs.Select(j => j.At.UtcDateTime).ToArray(),
                redrives = jobs.Select(j => j.Redrives).ToArray(),
            },
            cancellationToken: cancellationToken));
    }

    private sealed record Update(EmailEvent Event, RecipientOutcome Outcome)
    {
        public DateTime? NextAttemptAt => Outcome.State == RecipientState.Deferred ? Event.NextAttemptAt?.UtcDateTime : null;

        public bool Supersedes(Update other)
        {
            var isFinal = IsFinal(Outcome.State);
            var otherIsFinal = IsFinal(other.Outcome.State);
            if (isFinal && otherIsFinal && (Event.Kind == EmailEventKind.Reported || other.Event.Kind == EmailEventKind.Reported))
            {
                return Event.At > other.Event.At;
            }

            return isFinal == otherIsFinal
                ? (Event.Attempt, Event.At).CompareTo((other.Event.Attempt, other.Event.At)) > 0
                : isFinal;
        }
    }
}
