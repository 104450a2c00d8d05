using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Tests.Server;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NATS.Client.KeyValueStore;

namespace MailPace.Messaging.Tests.Directory;

public sealed class DirectoryCacheTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cache_EmptyBucket_BecomesReady()
    {
        await using var host = await MessagingHost.StartAsync();
        using var cache = await FollowAsync(host);

        Assert.Null(cache.FindDomain(1));
        Assert.False(cache.IsSuppressed(1, "a@b.example"));
    }

    [Fact]
    public async Task Cache_NotStarted_IsNotReady()
    {
        await using var host = await MessagingHost.StartAsync();
        using var cache = Create(host);

        Assert.False(cache.IsReady);
    }

    [Fact]
    public async Task Cache_EveryKind_IsFoundFromTheSnapshotAndFromTheWatch()
    {
        await using var host = await MessagingHost.StartAsync();
        var writer = new DirectoryWriter(host.JetStream);
        await PutAllAsync(writer, 1);
        using var cache = await FollowAsync(host);
        HasAll(cache, 1);

        await PutAllAsync(writer, 2);

        await Wait.UntilAsync(() => cache.IsSuppressed(2, "a@b.example"), "the second came");
        HasAll(cache, 2);
        Assert.False(cache.IsSuppressed(1, "other@b.example"));
        Assert.True(cache.IsSuppressed(1, "A@B.example"));
    }

    [Fact]
    public async Task Cache_Deleted_IsGone()
    {
        await using var host = await MessagingHost.StartAsync();
        var writer = new DirectoryWriter(host.JetStream);
        await PutAllAsync(writer, 1);
        using var cache = await FollowAsync(host);

        await foreach (var key in writer.ReadKeysAsync(Cancel))
        {
            await writer.DeleteAsync(key, Cancel);
        }

        await writer.PutSuppressionsAsync(SuppressionAction.Unblock, ListOwner.OfDomain(1), ["a@b.example"], Cancel);

        await Wait.UntilAsync(() => !cache.IsSuppressed(1, "a@b.example") && cache.FindToken("hash1") is null, "the deletes came");
        await Wait.UntilAsync(() => cache.FindDomain(1) is null && cache.FindOrganisation(1) is null && cache.FindDkimKeys(1) is null, "all deletes came");
    }

    [Fact]
    public async Task IsSuppressed_OrganisationsListAndAllowList_AreHeeded()
    {
        await using var host = await MessagingHost.StartAsync();
        var writer = new DirectoryWriter(host.JetStream);
        await PutAllAsync(writer, 1);
        await writer.PutSuppressionsAsync(SuppressionAction.Block, ListOwner.OfOrganisation(1), ["all@b.example", "vip@b.example"], Cancel);
        await writer.PutSuppressionsAsync(SuppressionAction.Block, ListOwner.OfOrganisation(2), ["other@b.example"], Cancel);
        await writer.PutSuppressionsAsync(SuppressionAction.Allow, ListOwner.OfDomain(1), ["VIP@b.example"], Cancel);
        using var cache = await FollowAsync(host);

        Assert.True(cache.IsSuppressed(1, "ALL@b.example"));
        Assert.False(cache.IsSuppressed(1, "vip@b.example"));
        Assert.False(cache.IsSuppressed(1, "other@b.example"));

        await writer.PutSuppressionsAsync(SuppressionAction.Disallow, ListOwner.OfDomain(1), ["vip@b.example"], Cancel);
        await Wait.UntilAsync(() => cache.IsSuppressed(1, "vip@b.example"), "it is allowed no more");
    }

    [Fact]
    public async Task ReplaceSuppressions_TakesEffectWhole_ForThoseWhoWatchAndThoseWhoCome()
    {
        await using var host = await MessagingHost.StartAsync();
        var writer = new DirectoryWriter(host.JetStream);
        await PutAllAsync(writer, 1);
        for (var i = 0; i < 10; i++)
        {
            await writer.PutSuppressionsAsync(SuppressionAction.Block, ListOwner.OfDomain(1), [$"stale{i}@b.example"], Cancel);
        }

        using var watching = await FollowAsync(host);
        string Part(SnapshotPart part, string address)
            => SuppressionLog.Write(SnapshotPart.Part | part, [new(SuppressionAction.Block, ListOwner.OfDomain(1), [AddressDigest.Of(address)])]);
        await writer.ReplaceSuppressionsAsync([Part(SnapshotPart.First, "one@b.example"), Part(SnapshotPart.Last, "two@b.example")], Cancel);

        Assert.Equal(2, await writer.CountSuppressionEntriesAsync(Cancel));
        await Wait.UntilAsync(() => watching.IsSuppressed(1, "two@b.example"), "the snapshot came");
        using var coming = await FollowAsync(host);
        Assert.All([watching, coming], cache =>
        {
            Assert.True(cache.IsSuppressed(1, "one@b.example"));
            Assert.True(cache.IsSuppressed(1, "two@b.example"));
            Assert.False(cache.IsSuppressed(1, "a@b.example"));
            Assert.False(cache.IsSuppressed(1, "stale3@b.example"));
        });
    }

    [Fact]
    public async Task Cache_EntryNotUnderstood_KeepsTheFormerOne()
    {
        await using var host = await MessagingHost.StartAsync();
        var writer = new DirectoryWriter(host.JetStream);
        await PutAllAsync(writer, 1);
        using var cache = await FollowAsync(host);
        var before = cache.Revision;

        await writer.PutAsync(DirectoryKeys.Domain(1), "{"u8.ToArray(), Cancel);
        await writer.PutAsync("future.kind", "{}"u8.ToArray(), Cancel);

        await Wait.UntilAsync(() => cache.Revision == before + 2, "both were seen");
        HasAll(cache, 1);
    }

    [Fact]
    public async Task Cache_ServerKilled_AnswersMeanwhileAndCatchesUp()
    {
        await using var host = await MessagingHost.StartAsync();
        var writer = new DirectoryWriter(host.JetStream);
        await PutAllAsync(writer, 1);
        using var cache = await FollowAsync(host);

        await host.Server.Kill9Async();
        HasAll(cache, 1);
        Assert.True(cache.IsReady);
        await host.Server.StartAgainAsync();
        await RepeatAsync(() => writer.DeleteAsync(DirectoryKeys.Token("hash1"), Cancel));

        await Wait.UntilAsync(() => cache.FindToken("hash1") is null, "the delete came after the restart");
    }

    [Fact]
    public async Task Cache_BucketMadeAgain_ForgetsWhatIsNotThere()
    {
        await using var host = await MessagingHost.StartAsync();
        var writer = new DirectoryWriter(host.JetStream);
        await PutAllAsync(writer, 1);
        using var cache = await FollowAsync(host);

        await new NatsKVContext(host.JetStream).DeleteStoreAsync(Streams.Directory, Cancel);
        await RepeatAsync(async () => await host.Topology.EnsureAsync(Cancel));
        await RepeatAsync(() => PutAllAsync(writer, 2));

        await Wait.UntilAsync(() => cache.FindToken("hash1") is null && cache.FindToken("hash2") is not null, "the new bucket replaced the old one");
        Assert.Null(cache.FindDomain(1));
    }

    private static DirectoryCache Create(MessagingHost host) => new(
        host.JetStream,
        Options.Create(new DirectoryOptions { CheckInterval = TimeSpan.FromMilliseconds(200), RetryDelay = TimeSpan.FromMilliseconds(50) }),
        TimeProvider.System,
        NullLogger<DirectoryCache>.Instance);

    private static async Task<DirectoryCache> FollowAsync(MessagingHost host)
    {
        var cache = Create(host);
        await cache.StartAsync(Cancel);
        await Wait.UntilAsync(() => cache.IsReady, "the first snapshot was read");
        return cache;
    }

    private static async Task PutAllAsync(DirectoryWriter writer, long id)
    {
        await writer.PutTokenAsync($"hash{id}", new() { Id = id, OrganisationId = id, DomainId = id, Name = "Token" }, Cancel);
        await writer.PutOrganisationAsync(new() { Id = id, Name = "Organisation", Status = OrganisationStatus.Active }, Cancel);
        await writer.PutDomainAsync(new() { Id = id, OrganisationId = id, Name = $"d{id}.example", DkimVerified = true, AdvancedVerified = false }, Cancel);
        await writer.PutDkimKeysAsync(new() { DomainId = id, Domain = $"d{id}.example", Keys = [] }, Cancel);
        await writer.PutSuppressionsAsync(SuppressionAction.Block, ListOwner.OfDomain(id), ["a@b.example"], Cancel);
    }

    private static void HasAll(DirectoryCache cache, long id)
    {
        Assert.Equal(id, cache.FindToken($"hash{id}")?.Id);
        Assert.Equal(OrganisationStatus.Active, cache.FindOrganisation(id)?.Status);
        Assert.Equal($"d{id}.example", cache.FindDomain(id)?.Name);
        Assert.Equal(id, cache.FindDkimKeys(id)?.DomainId);
        Assert.True(cache.IsSuppressed(id, "a@b.example"));
    }

    /// <summary>Until the server, which is coming back, takes it.</summary>
    private static Task RepeatAsync(Func<Task> act) => Wait.UntilAsync(
        async () =>
        {
            try
            {
                await act();
                return true;
            }
            catch (NATS.Client.Core.NatsException)
            {
                return false;
            }
        },
        "the server took it");
}
