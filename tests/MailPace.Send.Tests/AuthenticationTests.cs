using MailPace.Contracts.Directory;
using MailPace.Mail.Submission;
using MailPace.Send.Tests.Harness;

namespace MailPace.Send.Tests;

public sealed class AuthenticationTests(SharedPlatform shared)
{
    [Theory]
    [InlineData("MailPace-Server-Token")]
    [InlineData("mailpace-server-token")]
    [InlineData("MAILPACE-SERVER-TOKEN")]
    [InlineData("OhMySMTP-Server-Token")]
    public async Task Token_UnderEachOfItsNames_IsTaken(string header)
    {
        var account = await shared.Platform.CreateAccountAsync();

        var answer = await PostAsync(account, (header, account.Token));

        answer.AcceptedId();
    }

    [Fact]
    public async Task Token_Missing_Answers401()
        => (await PostAsync(await shared.Platform.CreateAccountAsync())).IsRefused(401, """{"error":"Missing API Token"}""");

    [Fact]
    public async Task Token_Unknown_Answers400()
        => (await PostAsync(await shared.Platform.CreateAccountAsync(), ("MailPace-Server-Token", TokenSecret.Generate())))
            .IsRefused(400, """{"error":"Invalid API Token"}""");

    [Fact]
    public async Task Token_OfTheOrganisation_SendsNothing()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var secret = TokenSecret.Generate();
        await shared.Platform.Writer.PutTokenAsync(
            TokenSecret.Hash(secret),
            new() { Id = 1_000_000 + account.DomainId, OrganisationId = account.DomainId, Name = "Organisation" },
            TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => shared.Platform.Directory.FindToken(TokenSecret.Hash(secret)) is not null, "the token");

        (await PostAsync(account, ("MailPace-Server-Token", secret))).IsRefused(400, """{"error":"Invalid API Token"}""");
    }

    [Fact]
    public async Task Token_Revoked_IsUnknown()
    {
        var account = await shared.Platform.CreateAccountAsync();
        (await shared.Platform.SendAsync(account)).AcceptedId();

        await shared.Platform.Writer.DeleteAsync(DirectoryKeys.Token(account.SecretHash), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => shared.Platform.Directory.FindToken(account.SecretHash) is null, "the revocation");

        (await shared.Platform.SendAsync(account)).IsRefused(400, """{"error":"Invalid API Token"}""");
    }

    [Theory]
    [InlineData(OrganisationStatus.Active, false, """{"error":"Domain DKIM DNS not verified, please complete DKIM Verification"}""")]
    [InlineData(OrganisationStatus.NoPlan, true, """{"error":"The organization that owns this domain does not have an active plan"}""")]
    [InlineData(OrganisationStatus.Suspended, true, """{"error":"This organization is unable to send emails. Please contact support"}""")]
    public async Task Standing_NotGood_Answers403(OrganisationStatus status, bool isVerified, string body)
    {
        var account = await shared.Platform.CreateAccountAsync(status, isVerified);

        (await shared.Platform.SendAsync(account)).IsRefused(403, body);
    }

    [Fact]
    public async Task Dkim_ProofRemovedLater_StopsSending()
    {
        var account = await shared.Platform.CreateAccountAsync();
        (await shared.Platform.SendAsync(account)).AcceptedId();

        await shared.Platform.Writer.PutDomainAsync(
            new() { Id = account.DomainId, OrganisationId = account.DomainId, Name = account.Domain, DkimVerified = false, AdvancedVerified = false },
            TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => shared.Platform.Directory.FindDomain(account.DomainId) is { DkimVerified: false }, "the change");

        Assert.Equal(403, (int)(await shared.Platform.SendAsync(account)).Status);
    }

    [Fact]
    public async Task Logs_OfAllThatRan_HoldNoToken()
    {
        var account = await shared.Platform.CreateAccountAsync();
        (await shared.Platform.SendAsync(account)).AcceptedId();
        await shared.Platform.SendAsync(account, ("to", "nobody"));
        var unknown = TokenSecret.Generate();
        await PostAsync(account, ("MailPace-Server-Token", unknown));

        Assert.NotEmpty(shared.Platform.Logs.Lines);
        Assert.DoesNotContain(shared.Platform.Logs.Lines, static line => line.Contains(TokenSecret.Prefix, StringComparison.Ordinal));
    }

    private Task<ApiAnswer> PostAsync(Account account, params (string Name, string Value)[] headers)
        => shared.Platform.PostAsync(System.Text.Json.JsonSerializer.Serialize(SendPlatform.Email(account)), headers);
}
