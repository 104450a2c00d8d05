using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;
using MailPace.Storage.Directory;
using MailPace.Testing;

namespace MailPace.Storage.Tests;

public sealed class InboundEndpointsTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_OfAnEndpoint_ReachesTheDirectory()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var domain = await AddDomainAsync(database, "A");
        var endpoints = database.Get<InboundEndpoints>();
        var first = await endpoints.SetAsync(domain, "in.same.example", "https://one.example/", Token);
        var changed = await endpoints.SetAsync(domain, "in.same.example", "https://two.example/", Token);

        Assert.Equal((first!.Id, "https://two.example/"), (changed!.Id, changed.Url));
        Assert.Equal("""{"id":1,"organisationId":1,"domainId":1,"url":"https://two.example/"}""", (await SnapshotAsync(database))[DirectoryKeys.Inbound("in.same.example")]);
        Assert.True(await endpoints.RemoveAsync(domain.Id, "in.same.example", Token));
        Assert.False(await endpoints.RemoveAsync(domain.Id, "in.same.example", Token));
        Assert.Empty(await endpoints.ListAsync(domain.Id, Token));
        Assert.DoesNotContain(DirectoryKeys.Inbound("in.same.example"), (await SnapshotAsync(database)).Keys);
    }

    [Fact]
    public async Task Set_HostOfAnother_IsRefusedUntilThatOneLostItsVerification()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (first, second) = (await AddDomainAsync(database, "A"), await AddDomainAsync(database, "B"));
        var (domains, endpoints) = (database.Get<Domains>(), database.Get<InboundEndpoints>());
        await domains.SetVerificationAsync(first.Id, new DomainVerification(Dkim: true, Advanced: false), Token);
        await endpoints.SetAsync(first, "in.same.example", "https://one.example/", Token);

        Assert.Null(await endpoints.SetAsync(second, "in.same.example", "https://two.example/", Token));
        await domains.SetVerificationAsync(first.Id, default, Token);
        Assert.Null(await endpoints.SetAsync(second, "in.same.example", "https://two.example/", Token)); // nobody proved anything
        await domains.SetVerificationAsync(second.Id, new DomainVerification(Dkim: true, Advanced: false), Token);
        Assert.Equal(second.Id, (await endpoints.SetAsync(second, "in.same.example", "https://two.example/", Token))!.DomainId);
        Assert.Empty(await endpoints.ListAsync(first.Id, Token));
    }

    private static async Task<Domain> AddDomainAsync(TestDatabase database, string organisation)
    {
        var owner = await database.Get<Organisations>().AddAsync(organisation, Token);
        return (await database.Get<Domains>().AddAsync(owner.Id, "same.example", Token))!;
    }

    private static async Task<IReadOnlyDictionary<string, string>> SnapshotAsync(TestDatabase database)
    {
        IReadOnlyDictionary<string, string>? snapshot = null;
        await database.Get<DirectoryOutbox>().ResyncAsync(
            (all, _, _) =>
            {
                snapshot = all;
                return Task.CompletedTask;
            },
            Token);
        return snapshot!;
    }
}
