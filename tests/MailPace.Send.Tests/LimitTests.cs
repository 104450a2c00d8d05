using System.Net;
using System.Text;
using System.Text.Json;
using MailPace.Send.Tests.Harness;

namespace MailPace.Send.Tests;

public sealed class LimitTests(SharedPlatform shared)
{
    private const string TooLarge = """{"error":"Email is too large, the maximum is 30 MB"}""";

    [Fact]
    public async Task Body_DeclaredAbove30Mb_Answers413WithoutReadingIt()
    {
        var account = await shared.Platform.CreateAccountAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/send") { Content = Json(new byte[(30 * 1024 * 1024) + 1]) };
        request.Headers.Add("MailPace-Server-Token", account.Token);
        request.Headers.ExpectContinue = true;

        (await shared.Platform.SendRawAsync(request)).IsRefused(413, TooLarge);
    }

    [Fact]
    public async Task Body_ThatGrowsAboveTheLimitUndeclared_Answers413()
    {
        await using var platform = await SendPlatform.StartAsync(shared.Nats, ("Send:MaxEmailBytes", "20000"));
        var account = await platform.CreateAccountAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/send")
        {
            Content = Json(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(SendPlatform.Email(account, ("textbody", new string('x', 60_000)))))),
        };
        request.Headers.Add("MailPace-Server-Token", account.Token);
        request.Headers.TransferEncodingChunked = true;

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await platform.SendRawAsync(request)).Status);
    }

    [Fact]
    public async Task Message_ThatBecomesTooLargeByItsEncoding_Answers413()
    {
        await using var platform = await SendPlatform.StartAsync(shared.Nats, ("Send:MaxEmailBytes", "60000"));
        var account = await platform.CreateAccountAsync();

        // Two octets in JSON, six in quoted-printable or three in base64.
        var answer = await platform.PostAsync(
            $$"""{"from":"{{account.From}}","to":"a@b.example","textbody":"{{new string('ř', 29_000)}}"}""", [("MailPace-Server-Token", account.Token)]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Fact]
    public async Task Bodies_ThatTogetherAreAboveTheBudget_Answer503AndGiveItBack()
    {
        await using var platform = await SendPlatform.StartAsync(shared.Nats, ("Send:MaxBufferedBytes", "1048576"));
        var account = await platform.CreateAccountAsync();

        var large = await platform.SendAsync(account, ("textbody", new string('x', 1_500_000)));

        large.IsRefused(503, """{"error":"Email could not be stored, please try again"}""");
        Assert.InRange(large.RetryAfter!.Value.TotalSeconds, 1, 60);
        for (var i = 0; i < 100; i++)
        {
            (await platform.SendAsync(account, ("textbody", new string('x', 100_000)))).AcceptedId();
        }
    }

    [Fact]
    public async Task Rate_OfOneToken_Answers429WithRetryAfterAndLeavesOthersAlone()
    {
        await using var platform = await SendPlatform.StartAsync(shared.Nats, ("Intake:EmailsPerSecond", "1"), ("Intake:Burst", "2"));
        var account = await platform.CreateAccountAsync();
        var other = await platform.CreateAccountAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => platform.SendAsync(account)));

        var refused = answers.Where(static answer => (int)answer.Status == 429).ToList();
        Assert.NotEmpty(refused);
        Assert.Contains(answers, static answer => answer.Status is HttpStatusCode.OK);
        refused[0].IsRefused(429, """{"error":"You are sending emails too quickly"}""");
        Assert.InRange(refused[0].RetryAfter!.Value.TotalSeconds, 1, 60);
        (await platform.SendAsync(other)).AcceptedId();
    }

    private static ByteArrayContent Json(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/json");
        return content;
    }
}
