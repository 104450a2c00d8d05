using System.Collections.Concurrent;
using Dapper;
using MailPace.Contracts;
using Microsoft.Extensions.Options;

namespace MailPace.Storage.History;

/// <summary>
/// The question that <c>deliver</c> asks before it sends a redelivered job: is the outcome of this attempt recorded?
/// The answer counts only after the projection has passed what EVENTS held when the question was asked; until then
/// the ledger waits, and after <see cref="AttemptLedgerOptions.Patience"/> it says that it doesn't know.
/// </summary>
public sealed class AttemptLedger(Database database, ProjectionCursors cursors, TimeProvider time, IOptions<AttemptLedgerOptions> options)
{
    private readonly ConcurrentDictionary<string, Watched> watched = new(StringComparer.Ordinal);

    public async Task<RecordedAttempt> FindAsync(AttemptQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            if (!await WaitForProjectionAsync(question, cancellationToken))
            {
                return new RecordedAttempt.Unknown($"the projection of {question.EventsStream} has not reached {question.EventsSequence}");
            }

            return await ReadAsync(question, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && PostgresFaults.IsTransient(error))
        {
            return new RecordedAttempt.Unknown($"PostgreSQL is away: {error.Message}");
        }
    }

    private async Task<bool> WaitForProjectionAsync(AttemptQuestion question, CancellationToken cancellationToken)
    {
        var stream = watched.GetOrAdd(question.EventsStream, name => new Watched(name));
        var started = time.GetTimestamp();
        while (true)
        {
            if (await stream.HasReachedAsync(question.EventsSequence, cursors, cancellationToken))
            {
                return true;
            }

            if (time.GetElapsedTime(started) >= options.Value.Patience)
            {
                return false;
            }

            await Task.Delay(options.Value.PollInterval, time, cancellationToken);
        }
    }

    private async Task<RecordedAttempt> ReadAsync(AttemptQuestion question, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var day = DayPartitions.DayOf(question.AcceptedAt);
        var rows = (await connection.QueryAsync<AttemptRow>(new CommandDefinition(
            """
            select ordinal, state, next_attempt_at
            from delivery_attempts
            where email_id = @EmailId and job_number = @JobNumber and attempt = @Attempt and kind = 'attempted'
              and accepted_at >= @from and accepted_at < @to
            """,
            new
            {
                question.EmailId,
                question.JobNumber,
                question.Attempt,
                from = DayPartitions.StartOf(day),
                to = DayPartitions.StartOf(day.AddDays(1)),
            },
            cancellationToken: cancellationToken))).AsList();
        if (rows.Count == 0)
        {
            return new RecordedAttempt.Nothing();
        }

        // An uncertain attempt was sent twice and may have two outcomes for one recipient: a final one settles it.
        var deferred = rows
            .GroupBy(r => r.Ordinal)
            .Where(g => g.All(r => r.State == RecipientState.Deferred))
            .Select(g => g.First())
            .ToArray();
        return deferred.Length == 0
            ? new RecordedAttempt.Final()
            : new RecordedAttempt.Deferred(deferred.Max(r => r.NextAttemptAt), [.. deferred.Select(r => r.Ordinal ?? 0).Order()]);
    }

    /// <summary>After a crash a thousand redelivered jobs ask at once; one of them looks at the cursor for all.</summary>
    private sealed class Watched(string name)
    {
        private int looking;
        private long reached;

        public async Task<bool> HasReachedAsync(long sequence, ProjectionCursors cursors, CancellationToken cancellationToken)
        {
            if (Volatile.Read(ref reached) >= sequence)
            {
                return true;
            }

            if (Interlocked.Exchange(ref looking, 1) == 1)
            {
                return false;
            }

            try
            {
                Volatile.Write(ref reached, await cursors.ReadSequenceAsync(name, cancellationToken));
                return Volatile.Read(ref reached) >= sequence;
            }
            finally
            {
                Volatile.Write(ref looking, 0);
            }
        }
    }

    private sealed record AttemptRow
    {
        public int? Ordinal { get; init; }

        public RecipientState? State { get; init; }

        public DateTimeOffset? NextAttemptAt { get; init; }
    }
}
