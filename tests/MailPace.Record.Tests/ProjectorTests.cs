using System.Diagnostics;
using System.Text;
using MailPace.Contracts;
using MailPace.Storage;
using MailPace.Storage.History;
using MailPace.Testing;
using NATS.Client.JetStream;

namespace MailPace.Record.Tests;

public sealed class ProjectorTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AcceptedAndDelivered_AreInHistory()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        await process.StartAsync();
        var email = Samples.Email(1, "a@x.example", "b@y.example");

        await process.AcceptAsync(email);
        await process.PublishAsync(Samples.Attempted(email, RecipientState.Delivered));

        await Eventually.TrueAsync(async () => (await process.Emails.FindAsync(1, Token))?.Timeline.Count == 1, "the event is in history");
        var found = (await process.Emails.FindAsync(1, Token))!;
        Assert.Equal([0, 1], found.Recipients.Select(r => r.JobNumber));
        Assert.Equal([RecipientState.Delivered, RecipientState.Queued], found.Recipients.Select(r => r.State));
        Assert.Contains("hello", Encoding.UTF8.GetString((await process.Emails.FindContentAsync(1, email.AcceptedAt, Token))!), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await PendingAsync(process, "MAIL-0") == 0, "what is projected is acknowledged");
    }

    [Fact]
    public async Task EventsThatWaitWithTheirEmails_FindTheirRows()
    {
        await using var nats = await NatsServer.StartAsync();
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        await using var process = RecordProcess.Create(nats, database, ("Nats:Partitions", "2"), ("Record:MaxBatch", "50"));
        await process.PrepareAsync();
        var emails = Enumerable.Range(1, 500).Select(i => Samples.Email(i)).ToArray();
        await Task.WhenAll(emails.Select(process.AcceptAsync));
        await Task.WhenAll(emails.Select(e => process.PublishAsync(Samples.Attempted(e, RecipientState.Delivered))));

        await process.StartAsync();

        await Eventually.TrueAsync(async () => await CountAsync(process, "recipients where state = 'delivered'") == 500, "every email is delivered");
        Assert.Equal(500, await CountAsync(process, "delivery_attempts"));
    }

    [Fact]
    public async Task CommittedButNotAcknowledged_IsNotProjectedTwice()
    {
        await using var nats = await NatsServer.StartAsync();
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        await using var first = RecordProcess.Create(nats, database);
        await first.PrepareAsync();
        await first.StartAsync();
        await first.AcceptAsync(Samples.Email(1));
        await Eventually.TrueAsync(async () => await CountAsync(first, "emails") == 1, "the email is in history");
        await first.StopAsync();

        // What a process that died between commit and acknowledgement leaves behind: a consumer that knows of nothing.
        var jetStream = first.Get<INatsJSContext>();
        await jetStream.DeleteConsumerAsync("MAIL-0", "record", Token);
        await using var second = RecordProcess.Create(nats, database);
        await second.PrepareAsync();
        await second.StartAsync();
        await second.AcceptAsync(Samples.Email(2));

        await Eventually.TrueAsync(async () => await CountAsync(second, "emails") == 2, "the second email is in history");
        Assert.Equal(2, await CountAsync(second, "recipients"));
        Assert.DoesNotContain(second.Log.Entries, e => e.Id is EventIds.StreamGap or EventIds.BatchRefused or EventIds.DeadLettered);
    }

    [Fact]
    public async Task ConsumerHeldUnacknowledgedByTheDead_IsTakenAtOnce()
    {
        await using var nats = await NatsServer.StartAsync();
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        await using var process = RecordProcess.Create(nats, database, ("Nats:AckWait", "01:00:00"));
        await process.PrepareAsync();
        await process.AcceptAsync(Samples.Email(1));
        var consumer = await process.Get<INatsJSContext>().GetConsumerAsync("MAIL-0", "record", Token);
        Assert.NotNull(await consumer.NextAsync<byte[]>(cancellationToken: Token));

        await process.StartAsync();

        await Eventually.TrueAsync(async () => await CountAsync(process, "emails") == 1, "it doesn't wait an hour for it");
    }

    [Fact]
    public async Task UnknownVersionAndCorruptItem_ArePutAside_AndTheRestGoesOn()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        var jetStream = process.Get<INatsJSContext>();
        (await jetStream.PublishAsync("mail.0", new byte[] { 99, 0, 0, 0, 0 }, cancellationToken: Token)).EnsureSuccess();
        (await jetStream.PublishAsync("events.0", "no bundle"u8.ToArray(), cancellationToken: Token)).EnsureSuccess();
        await process.AcceptAsync(Samples.Email(1));

        await process.StartAsync();

        await Eventually.TrueAsync(async () => await CountAsync(process, "emails") == 1, "the good email is in history");
        await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.DeadLettered) == 2, "both are reported");
        var dead = await jetStream.GetStreamAsync("DEAD", cancellationToken: Token);
        Assert.Equal(2, (long)dead.Info.State.Messages);
        Assert.Equal(2, await process.Get<ProjectionCursors>().ReadSequenceAsync("MAIL-0", Token));
    }

    [Fact]
    public async Task EmailThatPostgresRefuses_IsPutAside_AndItsNeighboursGoOn()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        await process.AcceptAsync(Samples.Email(1));
        await process.AcceptAsync(Samples.Email(2) with { AcceptedAt = DateTimeOffset.UnixEpoch });
        await process.AcceptAsync(Samples.Email(2) with { AcceptedAt = DateTimeOffset.UnixEpoch });
        await process.AcceptAsync(Samples.Email(3));

        await process.StartAsync();

        await Eventually.TrueAsync(async () => await CountAsync(process, "emails") == 3, "three emails are in history");
        Assert.Equal(1, process.Log.CountOf(EventIds.DeadLettered));
    }

    [Fact]
    public async Task PostgresStoppedAndStarted_CatchesUp()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var server = await PostgresServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await server.CreateDatabaseAsync());
        await process.PrepareAsync();
        await process.StartAsync();
        await process.AcceptAsync(Samples.Email(1));
        await Eventually.TrueAsync(async () => await CountAsync(process, "emails") == 1, "the first email is in history");

        await server.StopAsync();
        await Task.WhenAll(Enumerable.Range(2, 200).Select(i => process.AcceptAsync(Samples.Email(i))));
        await Eventually.TrueAsync(() => process.Log.CountOf(EventIds.TermFailed) > 0, "its absence is noticed");
        await server.StartAgainAsync();

        await Eventually.TrueAsync(async () => await CountAsync(process, "emails") == 201, "history has caught up");
    }

    [Fact]
    public async Task NatsKilledAndStarted_GoesOn()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        await process.StartAsync();
        await process.AcceptAsync(Samples.Email(1));
        await Eventually.TrueAsync(async () => await CountAsync(process, "emails") == 1, "the first email is in history");

        await nats.RestartAsync();
        await process.AcceptAsync(Samples.Email(2));

        await Eventually.TrueAsync(async () => await CountAsync(process, "emails") == 2, "the second email is in history");
        Assert.DoesNotContain(process.Log.Entries, e => e.Id == EventIds.StreamGap);
    }

    [Fact]
    public async Task TwoProcesses_OneLeads_AndTheOtherTakesOver()
    {
        await using var nats = await NatsServer.StartAsync();
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        await using var first = RecordProcess.Create(nats, database);
        await using var second = RecordProcess.Create(nats, database);
        await first.PrepareAsync();
        await first.StartAsync();
        await second.StartAsync();
        await Eventually.TrueAsync(() => first.IsLeader || second.IsLeader, "one leads");
        await Task.WhenAll(Enumerable.Range(1, 100).Select(i => first.AcceptAsync(Samples.Email(i))));
        await Eventually.TrueAsync(async () => await CountAsync(first, "emails") == 100, "the emails are in history");
        Assert.True(first.IsLeader ^ second.IsLeader);
        Assert.Equal(1, first.Log.CountOf(EventIds.LeadershipGained) + second.Log.CountOf(EventIds.LeadershipGained));

        var (leader, other) = first.IsLeader ? (first, second) : (second, first);
        await leader.StopAsync();
        await Eventually.TrueAsync(() => other.IsLeader, "the other leads");
        await other.AcceptAsync(Samples.Email(101));

        await Eventually.TrueAsync(async () => await CountAsync(other, "emails") == 101, "the last email is in history");
    }

    [Fact]
    public async Task TenThousandEmails_RateIsPrinted()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        var emails = Enumerable.Range(1, 10_000).Select(i => Samples.Email(i)).ToArray();
        foreach (var chunk in emails.Chunk(1_000))
        {
            await Task.WhenAll(chunk.Select(process.AcceptAsync));
            await Task.WhenAll(chunk.Select(e => process.PublishAsync(Samples.Attempted(e, RecipientState.Delivered))));
        }

        var started = Stopwatch.StartNew();
        await process.StartAsync();
        await Eventually.TrueAsync(async () => await CountAsync(process, "recipients where state = 'delivered'") == 10_000, "all are delivered");

        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 emails accepted and delivered into history: {10_000 / started.Elapsed.TotalSeconds:F0}/s");
    }

    internal static async Task<long> CountAsync(RecordProcess process, string what)
    {
        await using var connection = await process.Get<Database>().OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from {what}";
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private static async Task<long> PendingAsync(RecordProcess process, string stream)
    {
        var consumer = await process.Get<INatsJSContext>().GetConsumerAsync(stream, "record", Token);
        return (long)consumer.Info.NumPending + consumer.Info.NumAckPending;
    }
}
