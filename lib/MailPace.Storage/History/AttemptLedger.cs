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
            return await WaitForAnswerAsync(question, cancellationToken)
                ?? new RecordedAttempt.Unknown($"the projection of {question.EventsStream} has not reached {question.EventsSequence}");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && PostgresFaults.IsTransient(error))
        {
            return new RecordedAttempt.Unknown($"PostgreSQL is away: {error.Message}");
        }
    }

    private async Task<RecordedAttempt?> WaitForAnswerAsync(AttemptQuestion question, CancellationToken cancellationToken)
    {
        var stream = watched.GetOrAdd(question.EventsStream, name => new Watched(name));
        var started = time.GetTimestamp();
        while (true)
        {
            if (await stream.HasReachedAsync(question.EventsSequence, cursors, cancellationToken)
                && await TryReadAsync(question, stream, cancellationToken) is { } answer)
            {
                return answer;
            }

            if (time.GetElapsedTime(started) >= options.Value.Patience)
            {
                return null;
            }

            await Task.Delay(options.Value.PollInterval, time, cancellationToken);
        }
    }

    /// <returns>Null when the projection isn't there any more: history doesn't wait for the disk, and a crash of PostgreSQL takes rows and cursor back.</returns>
    private async Task<RecordedAttempt?> TryReadAsync(AttemptQuestion question, Watched stream, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var day = DayPartitions.DayOf(question.AcceptedAt);

        // The cursor in the same snapshot as the rows: what was seen of it before may be gone since.
        var found = (await connection.QueryAsync<AttemptRow>(new CommandDefinition(
            """
            select c.sequence, a.kind, a.ordinal, a.state, a.next_attempt_at
            from projection_cursors c
            left join delivery_attempts a
              on a.email_id = @EmailId and a.job_number = @JobNumber and a.attempt = @Attempt and a.kind = 'attempted'
              and a.accepted_at >= @from and a.accepted_at < @to
            where c.stream = @EventsStream
            """,
            new
            {
                question.EmailId,
                question.JobNumber,
                question.Attempt,
                question.EventsStream,
                from = DayPartitions.StartOf(day),
                to = DayPartitions.StartOf(day.AddDays(1)),
            },
            cancellationToken: cancellationToken))).AsList();
        var projected = found.Count == 0 ? 0 : found[0].Sequence;
        if (projected < question.EventsSequence)
        {
            stream.GoBackTo(projected);
            return null;
        }

        var rows = found.FindAll(row => row.Kind is not null);
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

        public void GoBackTo(long sequence) => Volatile.Write(ref reached, sequence);

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
        public long Sequence { get; init; }

        public string? Kind { get; init; }

        public int? Ordinal { get; init; }

        public RecipientState? State { get; init; }

        public DateTimeOffset? NextAttemptAt { get; init; }
    }
}
