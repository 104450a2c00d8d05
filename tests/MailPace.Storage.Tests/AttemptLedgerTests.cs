using MailPace.Contracts;
using MailPace.Storage.History;
using MailPace.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MailPace.Storage.Tests;

public sealed class AttemptLedgerTests(PostgresServerFixture postgres)
{
    private static readonly AcceptedEmail Email = Samples.Email(1, TestDatabase.Noon, "a@x.example", "b@x.example");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindAsync_FinalOutcome_AnswersFinal()
    {
        await using var database = await ReadyAsync(Samples.Attempted(Email, 1, TestDatabase.Noon, RecipientState.Delivered, 0, 1));

        Assert.IsType<RecordedAttempt.Final>(await AskAsync(database, attempt: 1, sequence: 1));
        Assert.IsType<RecordedAttempt.Nothing>(await AskAsync(database, attempt: 2, sequence: 1));
    }

    [Fact]
    public async Task FindAsync_SomeDeferred_AnswersWhoAndWhen()
    {
        var both = Samples.Attempted(Email, 1, TestDatabase.Noon, RecipientState.Deferred, 0, 1);
        both = both with { Outcomes = [both.Outcomes[0] with { State = RecipientState.Delivered }, both.Outcomes[1]] };
        await using var database = await ReadyAsync(both);

        var answer = Assert.IsType<RecordedAttempt.Deferred>(await AskAsync(database, attempt: 1, sequence: 1));

        Assert.Equal(both.NextAttemptAt, answer.NextAttemptAt);
        Assert.Equal([1], answer.Ordinals);
    }

    [Fact]
    public async Task FindAsync_DeferredAndDeliveredInOneUncertainAttempt_AnswersFinal()
    {
        await using var database = await ReadyAsync(
            Samples.Attempted(Email, 1, TestDatabase.Noon, RecipientState.Delivered, 0, 1),
            Samples.Of(EmailEventKind.Uncertain, Email, 1, TestDatabase.Noon.AddMinutes(1)),
            Samples.Attempted(Email, 1, TestDatabase.Noon.AddMinutes(1), RecipientState.Deferred, 0, 1));

        Assert.IsType<RecordedAttempt.Final>(await AskAsync(database, attempt: 1, sequence: 1));
    }

    [Fact]
    public async Task FindAsync_OnlyUncertain_AnswersNothing()
    {
        await using var database = await ReadyAsync(Samples.Of(EmailEventKind.Uncertain, Email, 1, TestDatabase.Noon));

        Assert.IsType<RecordedAttempt.Nothing>(await AskAsync(database, attempt: 1, sequence: 1));
    }

    [Fact]
    public async Task FindAsync_ProjectionBehind_WaitsUntilItCaughtUp()
    {
        await using var database = await ReadyAsync(Samples.Of(EmailEventKind.Uncertain, Email, 1, TestDatabase.Noon));

        var asked = AskAsync(database, attempt: 1, sequence: 2);
        Assert.False(asked.IsCompleted);
        await database.Get<Projection>().ApplyEventsAsync(
            new ProjectedRange("EVENTS-0", 1, 2), [Samples.Attempted(Email, 1, TestDatabase.Noon, RecipientState.Delivered)], Token);

        Assert.IsType<RecordedAttempt.Final>(await AdvanceUntilAsync(database, asked));
    }

    [Fact]
    public async Task FindAsync_ProjectionStuck_AnswersUnknown()
    {
        await using var database = await ReadyAsync();

        var answer = await AdvanceUntilAsync(database, AskAsync(database, attempt: 1, sequence: 99));

        Assert.Contains("EVENTS-0", Assert.IsType<RecordedAttempt.Unknown>(answer).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_HistoryTakenBackByACrash_WaitsUntilItIsWrittenAgain()
    {
        var delivered = Samples.Attempted(Email, 1, TestDatabase.Noon, RecipientState.Delivered, 0, 1);
        await using var database = await ReadyAsync(delivered);
        Assert.IsType<RecordedAttempt.Final>(await AskAsync(database, attempt: 1, sequence: 1));

        // What PostgreSQL had not written when it was killed: rows and cursor, together.
        await database.ScalarAsync<long>("with gone as (delete from delivery_attempts returning 1) select count(*) from gone");
        await database.ScalarAsync<long>("update projection_cursors set sequence = 0 where stream = 'EVENTS-0' returning sequence");
        var asked = AskAsync(database, attempt: 1, sequence: 1);
        Assert.IsType<RecordedAttempt.Unknown>(await AdvanceUntilAsync(database, asked));
        await database.Get<Projection>().ApplyEventsAsync(new ProjectedRange("EVENTS-0", 0, 1), [delivered], Token);

        Assert.IsType<RecordedAttempt.Final>(await AskAsync(database, attempt: 1, sequence: 1));
    }

    [Fact]
    public async Task FindAsync_PostgresAway_AnswersUnknown()
    {
        var options = Options.Create(new PostgresOptions { ConnectionString = $"Host=127.0.0.1;Port={FreePort.Next()};Username=x;Database=x" });
        await using var database = new Database(options, NullLoggerFactory.Instance);
        var ledger = new AttemptLedger(database, new ProjectionCursors(database, TimeProvider.System), TimeProvider.System, Options.Create(new AttemptLedgerOptions()));

        Assert.IsType<RecordedAttempt.Unknown>(await ledger.FindAsync(Question(1, 1), Token));
    }

    private static AttemptQuestion Question(int attempt, long sequence) => new()
    {
        EmailId = Email.Id,
        AcceptedAt = Email.AcceptedAt,
        JobNumber = 0,
        Attempt = attempt,
        EventsStream = "EVENTS-0",
        EventsSequence = sequence,
    };

    private static Task<RecordedAttempt> AskAsync(TestDatabase database, int attempt, long sequence)
        => database.Get<AttemptLedger>().FindAsync(Question(attempt, sequence), Token);

    private static async Task<RecordedAttempt> AdvanceUntilAsync(TestDatabase database, Task<RecordedAttempt> asked)
    {
        while (!asked.IsCompleted)
        {
            database.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await asked;
    }

    private async Task<TestDatabase> ReadyAsync(params EmailEvent[] events)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.Get<ProjectionCursors>().ReadOrCreateAsync("MAIL-0", TestDatabase.Noon, Token);
        await database.Get<ProjectionCursors>().ReadOrCreateAsync("EVENTS-0", TestDatabase.Noon, Token);
        await database.Get<Projection>().ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(Email)], Token);
        await database.Get<Projection>().ApplyEventsAsync(new ProjectedRange("EVENTS-0", 0, 1), events, Token);
        return database;
    }
}
