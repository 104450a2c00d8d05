using MailPace.Contracts;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Topology;
using MailPace.Testing;
using NATS.Client.JetStream;

namespace MailPace.Record.Tests;

public sealed class ReconcilerTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JobsDeleted_OpenJobsAreMadeAgainOnce_AndNoneThatHasAnOutcome()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Reconciler:MaxJobLifetime", "00:00:03"));
        await process.PrepareAsync();
        var emails = Enumerable.Range(1, 30).Select(i => Samples.Email(i)).ToArray();
        await AcceptAndSignAsync(process, emails);
        foreach (var delivered in emails.Take(10))
        {
            await process.PublishAsync(Samples.Attempted(delivered, RecipientState.Delivered));
        }

        await process.Get<INatsJSContext>().DeleteStreamAsync(Streams.Jobs, Token);
        await process.Get<TopologyKeeper>().EnsureAsync(Token);
        await process.StartAsync();

        await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.Redriven) >= 20, "twenty jobs are made again");
        await WaitForWalksAsync(process);
        Assert.Equal(emails.Skip(10).Select(e => Subjects.Redrive(e.Id, 0)).Order(StringComparer.Ordinal), await SubjectsAsync(process));
        Assert.Equal(20, process.Log.CountOf(EventIds.Redriven));
        await Eventually.TrueAsync(
            async () => await ProjectorTests.CountAsync(process, "delivery_attempts where kind = 'redriven'") == 20, "each is explained in history");
    }

    [Fact]
    public async Task JobsThatAreWaitingOrScheduled_AreLeftAlone()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        var waiting = Samples.Email(1);
        var overdue = Samples.Email(2);
        var lost = Samples.Email(3);
        var tomorrow = Samples.Email(4);
        await AcceptAndSignAsync(process, waiting, overdue, lost, tomorrow);
        await process.Get<JobPublisher>().PublishAsync(new JobPayload(Samples.Job(waiting), ["hello"u8.ToArray()]));
        await process.Get<JobPublisher>().ScheduleAsync(new JobPayload(Samples.Job(overdue, attempt: 2), ["hello"u8.ToArray()]), overdue.AcceptedAt.AddDays(1));
        await process.PublishAsync(Samples.Attempted(overdue, RecipientState.Deferred, overdue.AcceptedAt));
        await process.PublishAsync(Samples.Attempted(tomorrow, RecipientState.Deferred, tomorrow.AcceptedAt.AddDays(1)));

        await process.StartAsync();

        await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.Redriven) > 0, "the lost one is made again");
        await WaitForWalksAsync(process);
        Assert.Equal([Subjects.Deliver(1, 0), Subjects.Redrive(3, 0), Subjects.Retry(2, 0)], await SubjectsAsync(process));
        Assert.Equal(1, process.Log.CountOf(EventIds.Redriven));
    }

    [Fact]
    public async Task RetryLost_WhileTheAcknowledgedJobIsStillInJobs_IsMadeAgain()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        var email = Samples.Email(1);
        await AcceptAndSignAsync(process, email);
        await process.Get<JobPublisher>().PublishAsync(new JobPayload(Samples.Job(email), ["hello"u8.ToArray()]));
        await nats.LoseRemovalsAsync(Streams.Jobs, () => AcknowledgeAsync(process, Streams.Jobs, Streams.DeliverConsumer));
        Assert.Equal([Subjects.Deliver(1, 0)], await SubjectsAsync(process));
        await process.PublishAsync(Samples.Attempted(email, RecipientState.Deferred, email.AcceptedAt));

        await process.StartAsync();

        await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.Redriven) > 0, "the retry is made again");
        Assert.Equal([Subjects.Redrive(1, 0)], await SubjectsAsync(process));
    }

    [Fact]
    public async Task BundleThatSignHasNotAcknowledged_IsLeftAlone()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        await AcceptAndSignAsync(process, Samples.Email(1));
        await process.AcceptAsync(Samples.Email(2));

        await process.StartAsync();

        await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.Redriven) > 0, "the signed one is made again");
        await WaitForWalksAsync(process);
        Assert.Equal([Subjects.Redrive(1, 0)], await SubjectsAsync(process));
    }

    [Fact]
    public async Task JobsYoungerThanAJobsLifetime_NothingIsRedriven()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Reconciler:MaxJobLifetime", "01:00:00"));
        await process.PrepareAsync();
        var old = Samples.Email(1) with { AcceptedAt = TimeProvider.System.GetUtcNow().AddHours(-3) };
        await AcceptAndSignAsync(process, old);

        await process.StartAsync();
        await Eventually.TrueAsync(async () => await process.Emails.FindAsync(1, Token) is not null, "the email is in history");
        var reconciler = process.Get<Reconciling.Reconciler>();
        await reconciler.StepAsync(Token);
        await reconciler.StepAsync(Token);

        Assert.Empty(await SubjectsAsync(process));
    }

    [Fact]
    public async Task JobsCreatedAnew_AreWalkedAtFullSpeed()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(
            nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Reconciler:BatchSize", "1"), ("Reconciler:Interval", "00:00:02"));
        await process.PrepareAsync();
        await AcceptAndSignAsync(process, [.. Enumerable.Range(1, 40).Select(i => Samples.Email(i))]);

        await process.StartAsync();

        // One job in a batch and two seconds between batches: forty jobs within a minute is no slow walk.
        await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.Redriven) == 40, "all are made again");
        Assert.Contains(process.Log.Entries, e => e.Id == EventIds.FullSpeed);
    }

    [Fact]
    public async Task EmailThatMailNoLongerHolds_IsReported()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        await AcceptAndSignAsync(process, Samples.Email(1));
        await process.StartAsync();
        await Eventually.TrueAsync(async () => await process.Emails.FindAsync(1, Token) is not null, "the email is in history");
        await process.Get<INatsJSContext>().PurgeStreamAsync("MAIL-0", new(), Token);

        await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.BeyondRescue) > 0, "it is reported");
    }

    /// <summary>As <c>sign</c> would leave MAIL, without its jobs.</summary>
    private static async Task AcceptAndSignAsync(RecordProcess process, params AcceptedEmail[] emails)
    {
        await Task.WhenAll(emails.Select(process.AcceptAsync));
        await AcknowledgeAsync(process, "MAIL-0", Streams.SignConsumer);
    }

    private static async Task AcknowledgeAsync(RecordProcess process, string stream, string name)
    {
        var consumer = await process.Get<INatsJSContext>().GetConsumerAsync(stream, name, Token);
        await foreach (var message in consumer.FetchNoWaitAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = 1_000 }, cancellationToken: Token))
        {
            await message.AckAsync(new AckOpts { DoubleAck = true }, Token);
        }
    }

    /// <summary>Two lifetimes of a job pass and two whole walks: whatever would be re-driven again is by then.</summary>
    private static async Task WaitForWalksAsync(RecordProcess process)
    {
        for (var round = 0; round < 2; round++)
        {
            await Task.Delay(1_100, Token);
            var before = process.Log.CountOf(EventIds.WalkEnded);
            await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.WalkEnded) > before + 1, "a walk ends");
        }
    }

    private static async Task<IEnumerable<string>> SubjectsAsync(RecordProcess process)
    {
        var stream = await process.Get<INatsJSContext>().GetStreamAsync(Streams.Jobs, new() { SubjectsFilter = ">" }, Token);
        return (stream.Info.State.Subjects?.Keys ?? []).Order(StringComparer.Ordinal);
    }
}
