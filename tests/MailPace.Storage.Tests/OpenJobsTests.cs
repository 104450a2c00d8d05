using MailPace.Contracts;
using MailPace.Storage.History;
using MailPace.Storage.Reconciling;
using MailPace.Testing;

namespace MailPace.Storage.Tests;

public sealed class OpenJobsTests(PostgresServerFixture postgres)
{
    private static readonly DateTimeOffset Later = TestDatabase.Noon.AddHours(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListQuietAsync_WalksTheSilentOnes_InPages()
    {
        await using var database = await ReadyAsync(5);

        var first = await ListAsync(database, OpenJobCursor.Start, 3);
        var second = await ListAsync(database, OpenJobCursor.After(first[^1]), 3);

        Assert.Equal([1L, 2L, 3L], first.Select(j => j.EmailId));
        Assert.Equal([4L, 5L], second.Select(j => j.EmailId));
        Assert.Empty(await ListAsync(database, OpenJobCursor.After(second[^1]), 3));
        Assert.Equal([0, 1], first[0].Ordinals);
        Assert.Equal(11, first[0].MailSequence);
    }

    [Fact]
    public async Task ListQuietAsync_FinishedScheduledOrLivelyJobs_AreLeftOut()
    {
        await using var database = await ReadyAsync(5);
        await ApplyAsync(
            database,
            Samples.Attempted(Email(1), 1, TestDatabase.Noon, RecipientState.Delivered, 0, 1),
            Samples.Attempted(Email(2), 1, TestDatabase.Noon, RecipientState.Deferred, 0, 1) with { NextAttemptAt = Later.AddDays(1) },
            Samples.Of(EmailEventKind.Redriven, Email(3), 1, Later),
            Samples.Attempted(Email(4), 1, TestDatabase.Noon.AddMinutes(2), RecipientState.Deferred, 0));

        var quiet = await ListAsync(database, OpenJobCursor.Start, 10);

        Assert.Equal([5L, 4L], quiet.Select(j => j.EmailId).OrderDescending());
        var mixed = quiet.Single(j => j.EmailId == 4);
        Assert.Equal([0, 1], mixed.Ordinals);
        Assert.Equal(1, mixed.Attempt);
        Assert.Equal(TestDatabase.Noon.AddMinutes(7), mixed.LastSignAt);
    }

    [Fact]
    public async Task ReadAgainAsync_AnswersWhatIsStillOpen()
    {
        await using var database = await ReadyAsync(3);
        var quiet = await ListAsync(database, OpenJobCursor.Start, 10);
        await ApplyAsync(
            database,
            Samples.Attempted(Email(1), 1, TestDatabase.Noon, RecipientState.Delivered, 0, 1),
            Samples.Attempted(Email(2), 1, TestDatabase.Noon, RecipientState.Bounced, 1),
            Samples.Of(EmailEventKind.Redriven, Email(3), 1, Later));

        var open = await database.Get<OpenJobs>().ReadAgainAsync(quiet, Token);

        Assert.Equal([(2L, "0", 0), (3L, "0 1", 1)], open.Select(j => (j.EmailId, string.Join(' ', j.Ordinals), j.Redrives)));
        Assert.Equal(Later, open[1].LastSignAt);
    }

    [Fact]
    public async Task ReconcilerMemory_KeepsTheLastValue()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var memory = database.Get<ReconcilerMemory>();

        Assert.Null(await memory.ReadAsync("x", Token));
        await memory.WriteAsync("x", "1", Token);
        await memory.WriteAsync("x", "2", Token);

        Assert.Equal("2", await memory.ReadAsync("x", Token));
    }

    private static AcceptedEmail Email(long id) => Samples.Email(id, TestDatabase.Noon.AddMilliseconds(id), "a@x.example", "b@x.example");

    private static Task<IReadOnlyList<OpenJob>> ListAsync(TestDatabase database, OpenJobCursor after, int limit)
        => database.Get<OpenJobs>().ListQuietAsync(after, Later, TestDatabase.Noon.AddDays(-1), limit, Token);

    private static Task ApplyAsync(TestDatabase database, params EmailEvent[] events)
        => database.Get<Projection>().ApplyEventsAsync(new ProjectedRange("EVENTS-0", 0, 1), events, Token);

    private async Task<TestDatabase> ReadyAsync(int emails)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.Get<ProjectionCursors>().ReadOrCreateAsync("MAIL-0", TestDatabase.Noon, Token);
        await database.Get<ProjectionCursors>().ReadOrCreateAsync("EVENTS-0", TestDatabase.Noon, Token);
        await database.Get<Projection>().ApplyMailAsync(
            new ProjectedRange("MAIL-0", 0, 1), [.. Enumerable.Range(1, emails).Select(i => Samples.Projected(Email(i), 10 + i))], Token);
        return database;
    }
}
