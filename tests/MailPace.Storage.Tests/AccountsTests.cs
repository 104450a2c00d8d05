using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;
using MailPace.Storage.Directory;
using MailPace.Storage.Suppressing;
using MailPace.Testing;

namespace MailPace.Storage.Tests;

public sealed class AccountsTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryChange_WritesItsOutboxRow_InOrder()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var organisation = await database.Get<Organisations>().AddAsync("Acme", Token);
        await database.Get<Organisations>().SetStatusAsync(organisation.Id, OrganisationStatus.NoPlan, Token);
        var domain = (await database.Get<Domains>().AddAsync(organisation.Id, "acme.example", Token))!;
        await database.Get<Domains>().SetVerificationAsync(domain.Id, new DomainVerification(Dkim: true, Advanced: false), Token);
        var token = await database.Get<ApiTokens>().AddAsync(new NewApiToken { OrganisationId = organisation.Id, DomainId = domain.Id, Name = "t", SecretHash = "aa" }, Token);
        await database.Get<DkimKeys>().AddAsync(domain.Id, [Key("s1")], Token);
        await database.Get<ApiTokens>().RevokeAsync(token.Id, Token);

        var changes = await DrainAsync(database);

        Assert.Equal(
            [
                ("organisation.1", """{"id":1,"name":"Acme","status":"Active"}"""),
                ("organisation.1", """{"id":1,"name":"Acme","status":"NoPlan"}"""),
                ("domain.1", """{"id":1,"organisationId":1,"name":"acme.example","dkimVerified":false,"advancedVerified":false}"""),
                ("domain.1", """{"id":1,"organisationId":1,"name":"acme.example","dkimVerified":true,"advancedVerified":false}"""),
                ("token.aa", """{"id":1,"organisationId":1,"domainId":1,"name":"t"}"""),
                ("dkim.1", """{"domainId":1,"domain":"acme.example","keys":[{"selector":"s1","algorithm":"RsaSha256","publicKey":"pub","sealedPrivateKey":"sealed"}]}"""),
                ("token.aa", null),
            ],
            changes);
    }

    [Fact]
    public async Task DrainAsync_PublishFails_KeepsTheRows()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Get<Organisations>().AddAsync("Acme", Token);
        var outbox = database.Get<DirectoryOutbox>();

        await Assert.ThrowsAsync<IOException>(() => outbox.DrainAsync(10, (_, _) => throw new IOException("NATS is away"), Token));

        Assert.Single(await DrainAsync(database));
        Assert.Empty(await DrainAsync(database));
    }

    [Fact]
    public async Task ResyncAsync_ShowsTheTruth_AndSettlesTheOutbox()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var organisation = await database.Get<Organisations>().AddAsync("Acme", Token);
        var domain = (await database.Get<Domains>().AddAsync(organisation.Id, "acme.example", Token))!;
        var keys = database.Get<DkimKeys>();
        await keys.AddAsync(domain.Id, [Key("old")], Token);
        await keys.AddAsync(domain.Id, [Key("new"), Key("new-ed") with { Algorithm = DkimAlgorithm.Ed25519Sha256 }], Token);
        var prepared = (await keys.ListAsync(domain.Id, Token)).Where(k => k.State == DkimKeyState.Prepared);
        await keys.ActivateAsync(domain.Id, [.. prepared.Select(k => k.Id)], Token);
        await keys.AddAsync(domain.Id, [Key("next")], Token);
        var kept = await database.Get<ApiTokens>().AddAsync(new NewApiToken { OrganisationId = organisation.Id, Name = "org", SecretHash = "kept" }, Token);
        var revoked = await database.Get<ApiTokens>().AddAsync(new NewApiToken { OrganisationId = organisation.Id, Name = "old", SecretHash = "revoked" }, Token);
        await database.Get<ApiTokens>().RevokeAsync(revoked.Id, Token);
        await database.Get<Suppressions>().AddAsync(ListOwner.OfDomain(domain.Id), AddressList.Block, new("a@b.example", "complained"), "test", Token);

        IReadOnlyDictionary<string, string>? snapshot = null;
        IReadOnlyList<string>? suppressions = null;
        await database.Get<DirectoryOutbox>().ResyncAsync(
            (all, suppressed, _) =>
            {
                snapshot = all;
                suppressions = suppressed;
                return Task.CompletedTask;
            },
            Token);

        Assert.Equal(
            ["dkim.1", "domain.1", "organisation.1", "token.kept"],
            snapshot!.Keys.Order(StringComparer.Ordinal));
        Assert.True(SuppressionLog.TryRead(System.Text.Encoding.UTF8.GetBytes(Assert.Single(suppressions!)), out var part, out var groups));
        Assert.Equal(SnapshotPart.Part | SnapshotPart.First | SnapshotPart.Last, part);
        Assert.Equal([AddressDigest.Of("a@b.example")], Assert.Single(groups).Digests);
        Assert.Contains("\"new-ed\"", snapshot["dkim.1"], StringComparison.Ordinal);
        Assert.DoesNotContain("\"old\"", snapshot["dkim.1"], StringComparison.Ordinal);
        Assert.DoesNotContain("\"next\"", snapshot["dkim.1"], StringComparison.Ordinal);
        Assert.DoesNotContain("domainId", snapshot["token.kept"], StringComparison.Ordinal);
        Assert.Null(kept.DomainId);
        Assert.Empty(await DrainAsync(database));
    }

    [Fact]
    public async Task SetVerificationAsync_NameVerifiedByAnother_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var domains = database.Get<Domains>();
        var first = await database.Get<Organisations>().AddAsync("A", Token);
        var second = await database.Get<Organisations>().AddAsync("B", Token);
        var ofFirst = (await domains.AddAsync(first.Id, "same.example", Token))!;
        var ofSecond = (await domains.AddAsync(second.Id, "same.example", Token))!;
        var proved = new DomainVerification(Dkim: true, Advanced: false);

        Assert.Equal(VerificationChange.Changed, await domains.SetVerificationAsync(ofFirst.Id, proved, Token));
        Assert.Equal(VerificationChange.VerifiedElsewhere, await domains.SetVerificationAsync(ofSecond.Id, proved, Token));
        Assert.Equal(VerificationChange.NoSuchDomain, await domains.SetVerificationAsync(999, proved, Token));

        // The proof was removed: now the other one may have it.
        Assert.Equal(VerificationChange.Changed, await domains.SetVerificationAsync(ofFirst.Id, default, Token));
        Assert.Equal(VerificationChange.Changed, await domains.SetVerificationAsync(ofSecond.Id, proved, Token));
        Assert.Equal(ofSecond.Id, (await domains.FindByNameAsync("same.example", Token))[0].Id);
    }

    [Fact]
    public async Task AddAsync_SameDomainTwice_AnswersNull()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var organisation = await database.Get<Organisations>().AddAsync("A", Token);

        Assert.NotNull(await database.Get<Domains>().AddAsync(organisation.Id, "a.example", Token));
        Assert.Null(await database.Get<Domains>().AddAsync(organisation.Id, "a.example", Token));
    }

    [Fact]
    public async Task RevokeAsync_RevokedToken_IsFoundNoMore()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var tokens = database.Get<ApiTokens>();
        var organisation = await database.Get<Organisations>().AddAsync("A", Token);
        var token = await tokens.AddAsync(new NewApiToken { OrganisationId = organisation.Id, Name = "t", SecretHash = "h" }, Token);
        Assert.NotNull(await tokens.FindByHashAsync("h", Token));

        Assert.NotNull(await tokens.RevokeAsync(token.Id, Token));

        Assert.Null(await tokens.FindByHashAsync("h", Token));
        Assert.Null(await tokens.RevokeAsync(token.Id, Token));
        Assert.NotNull((await tokens.ListAsync(organisation.Id, Token))[0].RevokedAt);
    }

    private static DkimKeyEntry Key(string selector) => new()
    {
        Selector = selector,
        Algorithm = DkimAlgorithm.RsaSha256,
        PublicKey = "pub",
        SealedPrivateKey = "sealed",
    };

    private static async Task<List<(string Key, string? Value)>> DrainAsync(TestDatabase database)
    {
        var changes = new List<(string, string?)>();
        await database.Get<DirectoryOutbox>().DrainAsync(
            100,
            (entry, _) =>
            {
                changes.Add((entry.Key, entry.Value));
                return Task.CompletedTask;
            },
            Token);
        return changes;
    }
}
