using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;
using MailPace.Storage.Directory;
using MailPace.Testing;

namespace MailPace.Storage.Tests;

public sealed class DkimKeysTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddAsync_FirstKeys_SignAtOnce()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var domain = await AddDomainAsync(database);
        var keys = database.Get<DkimKeys>();

        Assert.Equal(KeyAddition.Signing, await keys.AddAsync(domain, [Key("one")], Token));
        Assert.Equal(KeyAddition.NoSuchDomain, await keys.AddAsync(999, [Key("one")], Token));

        Assert.Equal((DkimKeyState.Signing, TestDatabase.Noon), await StateAsync(keys, domain, "one"));
        Assert.Equal(["one"], await PublishedAsync(database));
    }

    [Fact]
    public async Task AddAsync_LaterKeys_ArePreparedAndUnknownToTheDirectory()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var domain = await AddDomainAsync(database);
        var keys = database.Get<DkimKeys>();
        await keys.AddAsync(domain, [Key("one")], Token);
        await PublishedAsync(database);

        Assert.Equal(KeyAddition.Prepared, await keys.AddAsync(domain, [Key("two")], Token));
        Assert.Equal(KeyAddition.OthersPrepared, await keys.AddAsync(domain, [Key("three")], Token));

        Assert.Equal((DkimKeyState.Signing, TestDatabase.Noon), await StateAsync(keys, domain, "one"));
        Assert.Equal((DkimKeyState.Prepared, null), await StateAsync(keys, domain, "two"));
        Assert.Empty(await PublishedAsync(database));
    }

    [Fact]
    public async Task ActivateAsync_LetsThePreparedSignAndRetiresTheOnesBefore()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var domain = await AddDomainAsync(database);
        var keys = database.Get<DkimKeys>();
        await keys.AddAsync(domain, [Key("one")], Token);
        await keys.AddAsync(domain, [Key("two"), Key("two-ed") with { Algorithm = DkimAlgorithm.Ed25519Sha256 }], Token);
        await PublishedAsync(database);
        var prepared = (await keys.ListAsync(domain, Token)).Where(k => k.State == DkimKeyState.Prepared).Select(k => k.Id).ToArray();
        database.Time.Advance(TimeSpan.FromHours(1));

        Assert.False(await keys.ActivateAsync(domain, prepared[..1], Token));
        Assert.False(await keys.ActivateAsync(domain, [], Token));
        Assert.True(await keys.ActivateAsync(domain, prepared, Token));
        Assert.False(await keys.ActivateAsync(domain, prepared, Token));
        Assert.False(await keys.ActivateAsync(999, prepared, Token));

        Assert.Equal(["two", "two-ed"], await PublishedAsync(database));
        Assert.Equal((DkimKeyState.Signing, TestDatabase.Noon.AddHours(1)), await StateAsync(keys, domain, "two"));
        var all = await keys.ListAsync(domain, Token);
        Assert.Equal("one", all[^1].Selector);
        Assert.Equal(TestDatabase.Noon.AddHours(1), all[^1].RetiredAt);
    }

    [Fact]
    public async Task ActivateAsync_TwiceAtOnce_HappensOnce()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var domain = await AddDomainAsync(database);
        var keys = database.Get<DkimKeys>();
        await keys.AddAsync(domain, [Key("one")], Token);
        await keys.AddAsync(domain, [Key("two")], Token);
        long[] prepared = [.. (await keys.ListAsync(domain, Token)).Where(k => k.State == DkimKeyState.Prepared).Select(k => k.Id)];

        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => keys.ActivateAsync(domain, prepared, Token)));

        Assert.Single(done, true);
    }

    [Fact]
    public async Task Key_InsertedByTheVersionBefore_Signs()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var domain = await AddDomainAsync(database);

        await database.ScalarAsync<long>(
            $"insert into dkim_keys (domain_id, selector, algorithm, public_key, sealed_private_key, created_at) values ({domain}, 'old', 'rsa_sha256', 'p', 's', now()) returning id");

        Assert.Equal(DkimKeyState.Signing, (await StateAsync(database.Get<DkimKeys>(), domain, "old")).State);
    }

    private static async Task<long> AddDomainAsync(TestDatabase database)
    {
        var organisation = await database.Get<Organisations>().AddAsync("A", Token);
        return (await database.Get<Domains>().AddAsync(organisation.Id, "a.example", Token))!.Id;
    }

    private static async Task<(DkimKeyState State, DateTimeOffset? ActivatedAt)> StateAsync(DkimKeys keys, long domain, string selector)
    {
        var key = Assert.Single(await keys.ListAsync(domain, Token), k => k.Selector == selector);
        return (key.State, key.ActivatedAt);
    }

    /// <summary>Selectors of the key records that the outbox held.</summary>
    private static async Task<List<string>> PublishedAsync(TestDatabase database)
    {
        var selectors = new List<string>();
        await database.Get<DirectoryOutbox>().DrainAsync(
            100,
            (entry, _) =>
            {
                if (entry.Key.StartsWith("dkim.", StringComparison.Ordinal))
                {
                    using var value = System.Text.Json.JsonDocument.Parse(entry.Value!);
                    selectors.AddRange(value.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("selector").GetString()!));
                }

                return Task.CompletedTask;
            },
            Token);
        return selectors;
    }

    private static DkimKeyEntry Key(string selector) => new()
    {
        Selector = selector,
        Algorithm = DkimAlgorithm.RsaSha256,
        PublicKey = "pub",
        SealedPrivateKey = "sealed",
    };
}
