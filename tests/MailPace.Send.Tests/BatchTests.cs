using System.Net;
using System.Text.Json;
using MailPace.Send.Tests.Harness;

namespace MailPace.Send.Tests;

public sealed class BatchTests(SharedPlatform shared)
{
    [Fact]
    public async Task EachEmail_IsAnsweredForItself_InOrder()
    {
        var account = await shared.Platform.CreateAccountAsync();

        var answer = await PostAsync(account, $"[{Email(account)}, {Email(account, ("to", "nobody"))}, 7, {Email(account, ("from", "x@elsewhere.example"))} , {Email(account)}]\n");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var answers = JsonDocument.Parse(answer.Body).RootElement.EnumerateArray().Select(static one => one.GetRawText()).ToList();
        Assert.Matches("""^\{"id":\d+,"status":"pending"\}$""", answers[0]);
        Assert.Equal("""{"errors":{"to":["is invalid"]}}""", answers[1]);
        Assert.Equal("""{"error":"Request body is not a valid JSON object"}""", answers[2]);
        Assert.Equal("""{"error":"Verified domain does not match domain in From address of email"}""", answers[3]);
        Assert.Matches("""^\{"id":\d+,"status":"pending"\}$""", answers[4]);
        Assert.NotEqual(answers[0], answers[4]);
        Assert.Equal(2, (await shared.Platform.ReadAllAsync()).Count(email => email.Facts.DomainId == account.DomainId));
    }

    [Theory]
    [InlineData("{}", """{"error":"Request body is not a valid JSON array"}""")]
    [InlineData("[{}", """{"error":"Request body is not a valid JSON array"}""")]
    [InlineData("[] x", """{"error":"Request body is not a valid JSON array"}""")]
    [InlineData("[]", """{"error":"A batch holds 1 to 500 emails"}""")]
    public async Task WhatIsNoBatch_IsRefusedAsAWhole(string body, string expected)
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await PostAsync(account, body)).IsRefused(400, expected);
    }

    [Fact]
    public async Task FiveHundred_AreTaken_AndOneMoreIsNot()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var email = Email(account);

        var taken = await PostAsync(account, $"[{string.Join(',', Enumerable.Repeat(email, 500))}]");
        var refused = await PostAsync(account, $"[{string.Join(',', Enumerable.Repeat(email, 501))}]");

        Assert.Equal(500, JsonDocument.Parse(taken.Body).RootElement.EnumerateArray().Select(static one => one.GetProperty("id").GetInt64()).Distinct().Count());
        refused.IsRefused(400, """{"error":"A batch holds 1 to 500 emails"}""");
    }

    [Fact]
    public async Task Key_Repeated_AnswersTheSameIds()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var batch = $"[{Email(account)},{Email(account)}]";

        var first = await PostAsync(account, batch, ("Idempotency-Key", "k"));
        var second = await PostAsync(account, batch, ("Idempotency-Key", "k"));
        var other = await PostAsync(account, $"[{Email(account, ("subject", "Other"))}]", ("Idempotency-Key", "k"));

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal("""[{"error":"Idempotency-Key was used with a different request"}]""", other.Body);
        Assert.Equal(2, (await shared.Platform.ReadAllAsync()).Count(email => email.Facts.DomainId == account.DomainId));
    }

    [Fact]
    public async Task WithoutAToken_IsRefusedAsAWhole()
        => (await shared.Platform.PostAsync("[]", [], "/api/v1/send/batch")).IsRefused(401, """{"error":"Missing API Token"}""");

    private Task<ApiAnswer> PostAsync(Account account, string json, params (string Name, string Value)[] headers)
        => shared.Platform.PostAsync(json, [("MailPace-Server-Token", account.Token), .. headers], "/api/v1/send/batch");

    private static string Email(Account account, params (string Field, object? Value)[] changes)
        => JsonSerializer.Serialize(SendPlatform.Email(account, changes));
}
