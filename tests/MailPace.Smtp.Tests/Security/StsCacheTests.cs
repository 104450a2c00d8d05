using System.Collections.Concurrent;
using MailPace.Contracts;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Security;
using MailPace.Smtp.Tests.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.Smtp.Tests.Security;

public sealed class StsCacheTests(PolicyWorld world) : IClassFixture<PolicyWorld>
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Policy_Remembered_CountsUntilItsEnd_ThoughItsHostIsGone()
    {
        const string Domain = "changing.plain.test";
        var time = new FakeTimeProvider(Start);
        var store = new Store();
        world.Publish(Domain, WorldPolicy(3600));
        using (var deliverer = world.Deliverer(time: time, store: store))
        {
            Assert.Equal(RecipientState.Deferred, await StateAsync(deliverer, Domain));
            var requests = world.Policies.Requests.Count(request => request.Contains(Domain, StringComparison.Ordinal));
            Assert.Equal(RecipientState.Deferred, await StateAsync(deliverer, Domain));
            Assert.Equal(requests, world.Policies.Requests.Count(request => request.Contains(Domain, StringComparison.Ordinal)));

            world.Unpublish(Domain);
            time.Advance(TimeSpan.FromMinutes(59));
            Assert.Equal(RecipientState.Deferred, await StateAsync(deliverer, Domain));
        }

        using (var restarted = world.Deliverer(time: time, store: store))
        {
            Assert.Equal(RecipientState.Deferred, await StateAsync(restarted, Domain));
            time.Advance(TimeSpan.FromMinutes(2));
            Assert.Equal(RecipientState.Delivered, await StateAsync(restarted, Domain));
        }
    }

    /// <summary>Who suppresses the TXT record doesn't suppress a policy that is known.</summary>
    [Fact]
    public async Task Policy_Remembered_CountsThoughItsRecordIsGone()
    {
        var store = new Store { ["unpublished.plain.test"] = new StsEntry("1", WorldPolicy(3600), Start) };
        using var deliverer = world.Deliverer(time: new FakeTimeProvider(Start), store: store);
        Assert.Equal(RecipientState.Deferred, await StateAsync(deliverer, "unpublished.plain.test"));
    }

    [Fact]
    public async Task OtherId_LeadsToAFetch()
    {
        const string Domain = "enforce-clear.plain.test";
        var store = new Store { [Domain] = new StsEntry("0", "version: STSv1\nmode: none\nmax_age: 86400", Start) };
        using var deliverer = world.Deliverer(time: new FakeTimeProvider(Start), store: store);
        Assert.Equal(RecipientState.Deferred, await StateAsync(deliverer, Domain));
        Assert.Equal("1", store[Domain].Id);
    }

    [Fact]
    public async Task Fetch_ThatFailed_IsntRepeatedAtOnce()
    {
        const string Domain = "not-found.plain.test";
        var time = new FakeTimeProvider(Start);
        using var deliverer = world.Deliverer(time: time);
        Assert.Equal(RecipientState.Delivered, await StateAsync(deliverer, Domain));
        Assert.Equal(RecipientState.Delivered, await StateAsync(deliverer, Domain));
        Assert.Single(world.Policies.Requests, request => request.Contains(Domain, StringComparison.Ordinal));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(RecipientState.Delivered, await StateAsync(deliverer, Domain));
        Assert.Equal(2, world.Policies.Requests.Count(request => request.Contains(Domain, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Store_ThatFails_LeavesItToTheProcess()
    {
        using var deliverer = world.Deliverer(store: new BrokenStore());
        Assert.Equal(RecipientState.Deferred, await StateAsync(deliverer, "enforce-clear.plain.test"));
    }

    private static string WorldPolicy(int maxAge) => PolicyWorld.Policy("enforce", "*.plain.test", maxAge);

    private static async Task<RecipientState> StateAsync(SmtpDeliverer deliverer, string domain)
        => (await deliverer.DeliverAsync(Deliveries.Request(new Route.Mx(domain)), TestContext.Current.CancellationToken)).Outcomes[0].State;

    private sealed class Store : ConcurrentDictionary<string, StsEntry>, IStsPolicyStore
    {
        public Task<StsEntry?> FindAsync(string domain, CancellationToken cancellationToken) => Task.FromResult(TryGetValue(domain, out var entry) ? entry : null);

        public Task SaveAsync(string domain, StsEntry entry, TimeSpan maxAge, CancellationToken cancellationToken)
        {
            this[domain] = entry;
            return Task.CompletedTask;
        }
    }

    private sealed class BrokenStore : IStsPolicyStore
    {
        public Task<StsEntry?> FindAsync(string domain, CancellationToken cancellationToken) => throw new IOException("away");

        public Task SaveAsync(string domain, StsEntry entry, TimeSpan maxAge, CancellationToken cancellationToken) => throw new IOException("away");
    }
}
