using MailPace.Contracts;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Ids;
using MailPace.Storage.Accounts;
using MailPace.Storage.History;
using MailPace.Testing;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Record.Tests;

/// <summary>An id that history has is never given out again, whatever NATS has lost.</summary>
public sealed class EmailIdTests(PostgresServerFixture postgres)
{
    private const long KnownId = 5_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstStart_BeginsAtOne()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = await StartAsync(nats, await DatabaseAsync());

        Assert.Equal(1, await NextIdAsync(process));
    }

    [Fact]
    public async Task CounterLostWhileRunning_GoesOnAboveHistory_AndAboveWhatMailHoldsBeyondIt()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = await StartAsync(nats, await DatabaseAsync());
        await AcceptKnownAsync(process);

        await new NatsKVContext(process.Get<INatsJSContext>()).DeleteStoreAsync(Streams.Counters, Stop);

        Assert.InRange(await NextIdAsync(process), KnownId + 1_000_000, KnownId + 1_001_000);
        Assert.Equal(1, process.Log.CountOf(EventIds.EmailIdsRaised));
    }

    [Fact]
    public async Task AllOfNatsLost_GoesOnAboveHistory_WithTheDirectory()
    {
        var database = await DatabaseAsync();
        await using (var lost = await NatsServer.StartAsync())
        {
            await using var before = await StartAsync(lost, database);
            await before.Get<Organisations>().AddAsync("Acme", Stop);
            await AcceptKnownAsync(before);
        }

        await using var nats = await NatsServer.StartAsync();
        await using var process = await StartAsync(nats, database);

        Assert.InRange(await NextIdAsync(process), KnownId + 1, 2 * KnownId + 1_000_000);
        Assert.Contains("organisation.1", await process.Get<DirectoryWriter>().ReadKeysAsync(Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task CounterFromAnOldBackup_IsRaisedAtTheStart()
    {
        var database = await DatabaseAsync();
        await using var nats = await NatsServer.StartAsync();
        await using (var before = await StartAsync(nats, database))
        {
            await AcceptKnownAsync(before);
            Assert.True(await NextIdAsync(before) < KnownId);
        }

        await using var process = await StartAsync(nats, database);
        await Eventually.TrueAsync(async () => await process.Get<EmailIdCounter>().ReadAsync(Stop) > KnownId, "the counter is above history");
    }

    private async Task<string> DatabaseAsync() => await (await postgres.ServerAsync()).CreateDatabaseAsync();

    private static async Task<RecordProcess> StartAsync(NatsServer nats, string database)
    {
        var process = RecordProcess.Create(nats, database);
        await process.PrepareAsync();
        await process.StartAsync();
        await WaitForCounterAsync(process);
        return process;
    }

    private static async Task AcceptKnownAsync(RecordProcess process)
    {
        await process.AcceptAsync(Samples.Email(KnownId));
        await Eventually.TrueAsync(async () => await process.Get<Emails>().HighestIdAsync(Stop) == KnownId, "history has the email");
    }

    /// <summary>Of a process that holds no block.</summary>
    private static async Task<long> NextIdAsync(RecordProcess process)
    {
        await WaitForCounterAsync(process);
        using var ids = new EmailIds(process.Get<EmailIdCounter>());
        return await ids.NextAsync(Stop);
    }

    private static Task WaitForCounterAsync(RecordProcess process)
        => Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return await process.Get<EmailIdCounter>().ReadAsync(Stop) is not null;
                }
                catch (NatsJSApiException)
                {
                    return false; // the bucket is about to be made again
                }
            },
            "there is a counter");
}
