using System.Net;
using System.Text.Json;
using MailPace.Contracts.Directory;
using MailPace.Send.Tests.Harness;
using MailPace.Testing;

namespace MailPace.Send.Tests;

public sealed class IdempotencyTests(SharedPlatform shared)
{
    private const string Mismatch = """{"error":"Idempotency-Key was used with a different request"}""";

    [Fact]
    public async Task Key_RepeatedWithTheSameBody_AnswersTheSameIdAndStoresOnce()
    {
        var account = await shared.Platform.CreateAccountAsync();

        var first = (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId();
        var second = (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId();

        Assert.Equal(first, second);
        Assert.Single(await StoredAsync(shared.Platform, account));
    }

    [Fact]
    public async Task Key_RepeatedWithAnotherBody_Answers409()
    {
        var account = await shared.Platform.CreateAccountAsync();
        (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId();

        (await SendAsync(shared.Platform, account, "key", "b")).IsRefused(409, Mismatch);
        (await SendAsync(shared.Platform, account, "other", "b")).AcceptedId();
    }

    [Fact]
    public async Task Key_OfAnotherToken_IsAnotherKey()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var other = await shared.Platform.CreateAccountAsync();

        Assert.NotEqual(
            (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId(),
            (await SendAsync(shared.Platform, other, "key", "a")).AcceptedId());
    }

    [Fact]
    public async Task Key_RepeatedAfterTheRecipientWasSuppressed_AnswersTheSameId()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var first = (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId();
        const string Recipient = "to@recipient.example";
        await shared.Platform.Writer.PutSuppressionsAsync(SuppressionAction.Block, ListOwner.OfDomain(account.DomainId), [Recipient], TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => shared.Platform.Directory.IsSuppressed(account.DomainId, Recipient), "the suppression");

        Assert.Equal(first, (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId());
        Assert.NotEqual(HttpStatusCode.OK, (await SendAsync(shared.Platform, account, "other", "a")).Status);
    }

    [Fact]
    public async Task Key_RepeatedAfterTheDomainLostItsVerification_AnswersTheSameId()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var first = (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId();
        await shared.Platform.Writer.PutDomainAsync(
            new() { Id = account.DomainId, OrganisationId = account.DomainId, Name = account.Domain, DkimVerified = false, AdvancedVerified = false },
            TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => shared.Platform.Directory.FindDomain(account.DomainId)?.DkimVerified == false, "the lost verification");

        Assert.Equal(first, (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId());
        Assert.NotEqual(HttpStatusCode.OK, (await SendAsync(shared.Platform, account, "other", "a")).Status);
    }

    [Fact]
    public async Task Key_RepeatedWithAnInvalidBody_Answers409()
    {
        var account = await shared.Platform.CreateAccountAsync();
        (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId();

        (await SendAsync(shared.Platform, account, "key", "")).IsRefused(409, Mismatch);
    }

    [Fact]
    public async Task Key_WhereTheBodyIsIgnored_AnswersTheFirstId()
    {
        await using var platform = await SendPlatform.StartAsync(shared.Nats, ("Intake:IdempotencyIgnoresBody", "true"));
        var account = await platform.CreateAccountAsync();

        Assert.Equal((await SendAsync(platform, account, "key", "a")).AcceptedId(), (await SendAsync(platform, account, "key", "b")).AcceptedId());
    }

    [Fact]
    public async Task Key_Of255Characters_IsTakenAnd256Answer400()
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await SendAsync(shared.Platform, account, new string('k', 255), "a")).AcceptedId();
        (await SendAsync(shared.Platform, account, new string('k', 256), "a"))
            .IsRefused(400, """{"errors":{"idempotency_key":["is too long (maximum is 255 characters)"]}}""");
    }

    [Fact]
    public async Task Key_OfARefusedRequest_IsFreeStill()
    {
        var account = await shared.Platform.CreateAccountAsync();
        Assert.Equal(400, (int)(await SendAsync(shared.Platform, account, "key", "")).Status);

        (await SendAsync(shared.Platform, account, "key", "a")).AcceptedId();
    }

    [Fact]
    public async Task Key_OfALargeEmail_AnswersTheSameId()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var large = new string('x', 400_000);

        Assert.Equal((await SendAsync(shared.Platform, account, "key", large)).AcceptedId(), (await SendAsync(shared.Platform, account, "key", large)).AcceptedId());
    }

    [Fact]
    public async Task Key_UsedAtOnceOverTwoProcesses_StoresOneEmail()
    {
        await using var second = await SendPlatform.StartAsync(shared.Nats);
        var account = await shared.Platform.CreateAccountAsync();
        await Eventually.TrueAsync(() => second.Directory.FindToken(account.SecretHash) is not null, "the token in the second process");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => SendAsync(i % 2 == 0 ? shared.Platform : second, account, "key", "a")));

        var accepted = answers.Where(static answer => answer.Status is HttpStatusCode.OK).Select(static answer => answer.AcceptedId()).Distinct();
        var stored = Assert.Single(await StoredAsync(shared.Platform, account));
        Assert.Equal([stored.Facts.Id], accepted);
        Assert.All(
            answers.Where(static answer => answer.Status is not HttpStatusCode.OK),
            static answer => answer.IsRefused(409, """{"error":"A request with this Idempotency-Key is in progress"}"""));
    }

    [Fact]
    public async Task Key_WithTheServerKilledBetween_AnswersTheSameIdAndStoresOnce()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await SendPlatform.StartAsync(nats);
        var account = await platform.CreateAccountAsync();
        var before = (await SendAsync(platform, account, "before", "a")).AcceptedId();

        var running = Enumerable.Range(0, 20).Select(i => SendAsync(platform, account, $"during-{i}", "a")).ToList();
        await nats.RestartAsync();
        await Task.WhenAll(running);

        var after = await EventuallyAcceptedAsync(platform, account, "before");
        Assert.Equal(before, after);
        for (var i = 0; i < running.Count; i++)
        {
            var first = await running[i];
            var repeated = await EventuallyAcceptedAsync(platform, account, $"during-{i}");
            Assert.True(first.Status is not HttpStatusCode.OK || first.AcceptedId() == repeated, $"Key during-{i} has two ids.");
        }

        var stored = await StoredAsync(platform, account);
        Assert.Equal(21, stored.Count);
        Assert.Equal(21, stored.Select(static email => email.Facts.Id).Distinct().Count());
    }

    private static async Task<long> EventuallyAcceptedAsync(SendPlatform platform, Account account, string key)
    {
        ApiAnswer answer;
        do
        {
            answer = await SendAsync(platform, account, key, "a");
        }
        while (answer.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict);

        return answer.AcceptedId();
    }

    private static Task<ApiAnswer> SendAsync(SendPlatform platform, Account account, string key, string text)
        => platform.PostAsync(
            JsonSerializer.Serialize(SendPlatform.Email(account, ("textbody", text))),
            [("MailPace-Server-Token", account.Token), ("Idempotency-Key", key)]);

    private static async Task<IReadOnlyList<StoredEmail>> StoredAsync(SendPlatform platform, Account account)
        => [.. (await platform.ReadAllAsync()).Where(email => email.Facts.DomainId == account.DomainId)];
}
