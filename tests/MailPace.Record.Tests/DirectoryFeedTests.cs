using MailPace.Contracts.Directory;
using MailPace.Messaging.Directory;
using MailPace.Record.Feeding;
using MailPace.Storage.Accounts;
using MailPace.Testing;

namespace MailPace.Record.Tests;

public sealed class DirectoryFeedTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_ReachTheBucket_BeforeAndAfterTheLeaderStarts()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Record:FeedInterval", "00:10:00"));
        await process.PrepareAsync();
        var organisation = await process.Get<Organisations>().AddAsync("Acme", Token);
        await process.StartAsync();
        await Eventually.TrueAsync(async () => (await KeysAsync(process)).Contains("organisation.1"), "the organisation is in the bucket");

        // The interval is ten minutes: only the notification can be what brings these.
        var token = await process.Get<ApiTokens>().AddAsync(new NewApiToken { OrganisationId = organisation.Id, Name = "t", SecretHash = "abc" }, Token);
        await Eventually.TrueAsync(async () => (await KeysAsync(process)).Contains("token.abc"), "the token is in the bucket");
        await process.Get<ApiTokens>().RevokeAsync(token.Id, Token);
        await Eventually.TrueAsync(async () => !(await KeysAsync(process)).Contains("token.abc"), "the revoked token is gone");
    }

    [Fact]
    public async Task ResyncAsync_RestoresWhatIsMissing_AndRemovesWhatIsStale()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var process = RecordProcess.Create(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        await process.PrepareAsync();
        await process.Get<Organisations>().AddAsync("Acme", Token);
        await process.Get<DirectoryPublisher>().DrainAsync(Token);
        var writer = process.Get<DirectoryWriter>();
        await writer.DeleteAsync("organisation.1", Token);
        await writer.PutTokenAsync("stale", new TokenEntry { Id = 9, OrganisationId = 1, Name = "stale" }, Token);

        Assert.Equal(1, await process.Get<DirectoryPublisher>().ResyncAsync(Token));

        Assert.Equal(["organisation.1"], (await KeysAsync(process)).Where(static key => !key.StartsWith(DirectoryKeys.SuppressionPrefix, StringComparison.Ordinal)));
    }

    private static async Task<List<string>> KeysAsync(RecordProcess process)
    {
        var keys = new List<string>();
        await foreach (var key in process.Get<DirectoryWriter>().ReadKeysAsync(Token))
        {
            keys.Add(key);
        }

        return keys;
    }
}
