using System.Net;
using System.Text;
using System.Text.Json;
using MailPace.Send.Tests.Harness;

namespace MailPace.Send.Tests;

public sealed class FormatTests(SharedPlatform shared)
{
    private const string NotJson = """{"error":"Request body is not a valid JSON object"}""";

    [Theory]
    [InlineData("application/json", null)]
    [InlineData("application/json", "*/*")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json", "text/html, application/*;q=0.5")]
    [InlineData("Application/JSON; charset=utf-8", "application/json")]
    public async Task Format_ThatAdmitsJson_IsTaken(string contentType, string? accept)
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await PostAsync(account, contentType, accept)).AcceptedId();
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/x-www-form-urlencoded", "application/json")]
    [InlineData(null, "application/json")]
    [InlineData("application/json", "text/html")]
    [InlineData("application/json", "application/json;q=0, */*")]
    public async Task Format_Other_Answers406(string? contentType, string? accept)
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await PostAsync(account, contentType, accept)).IsRefused(406, """{"error":"Invalid request format or content type"}""");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Method_OtherThanPost_Answers405(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/send");

        var answer = await shared.Platform.SendRawAsync(request);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, ""), (answer.Status, answer.Body));
        Assert.DoesNotContain("Server", answer.HeaderNames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{\"to\":}")]
    [InlineData("{\"to\":\"a@b.example\",}")]
    [InlineData("{} {}")]
    [InlineData("{'to':'a@b.example'}")]
    [InlineData("{\"x\":/*c*/1}")]
    public async Task Body_NotAJsonObject_Answers400(string json)
    {
        var account = await shared.Platform.CreateAccountAsync();

        var answer = await shared.Platform.PostAsync(json, [("MailPace-Server-Token", account.Token)]);

        answer.IsRefused(400, NotJson);
    }

    [Fact]
    public async Task Body_NestedWithoutEnd_Answers400()
    {
        var account = await shared.Platform.CreateAccountAsync();

        var answer = await shared.Platform.PostAsync("{\"x\":" + new string('[', 1_000_000), [("MailPace-Server-Token", account.Token)]);

        answer.IsRefused(400, NotJson);
    }

    [Fact]
    public async Task Path_OfTheSymfonyTransport_IsTheSame()
    {
        var account = await shared.Platform.CreateAccountAsync();

        var answer = await shared.Platform.PostAsync(JsonSerializer.Serialize(SendPlatform.Email(account)), [("OhMySMTP-Server-Token", account.Token)], "/send");

        answer.AcceptedId();
    }

    [Fact]
    public async Task Body_WithByteOrderMarkAndUnknownKeys_IsTaken()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var email = SendPlatform.Email(account, ("Headers", new { a = new[] { 1 } }), ("unknown", true), ("cc", null), ("bcc", ""), ("attachments", Array.Empty<object>()), ("tags", Array.Empty<string>()), ("htmlbody", null));

        var id = (await shared.Platform.PostAsync("\uFEFF" + JsonSerializer.Serialize(email), [("MailPace-Server-Token", account.Token)])).AcceptedId();

        var stored = await shared.Platform.ReadAsync(id);
        Assert.Single(stored.Facts.Recipients);
        Assert.Empty(stored.Facts.Tags);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public async Task Fields_NullEmptyOrEmptyArray_AreAbsent(string nothing)
    {
        var account = await shared.Platform.CreateAccountAsync();
        string[] optional = ["cc", "bcc", "subject", "htmlbody", "replyto", "inreplyto", "references", "list_unsubscribe", "attachments", "tags"];
        var fields = string.Concat(optional.Select(field => $",\"{field}\":{nothing}"));

        var id = (await SendAsync($$"""{"from":"{{account.From}}","to":"a@b.example","textbody":"x"{{fields}}}""")).AcceptedId();
        var attachment = (await SendAsync(
            $$"""{"from":"{{account.From}}","to":"a@b.example","textbody":"x","attachments":[{"name":"a.txt","content":"eA==","content_type":{{nothing}},"cid":{{nothing}}}]}""")).AcceptedId();

        Assert.Null((await shared.Platform.ReadAsync(id)).Facts.Subject);
        Assert.NotEqual(id, attachment);
        (await SendAsync($$"""{"from":"{{account.From}}","to":{{nothing}},"textbody":"x"}""")).IsRefused(400, """{"errors":{"to":["undefined field"]}}""");
        (await SendAsync($$"""{"from":"{{account.From}}","to":"a@b.example","textbody":{{nothing}}}""")).IsRefused(400, """{"errors":{"htmlbody":["can't be blank if textbody is blank"]}}""");
        (await SendAsync($$"""{"from":{{nothing}},"to":"a@b.example","textbody":"x"}""")).IsRefused(400, """{"error":"Email from address not parseable"}""");

        Task<ApiAnswer> SendAsync(string json) => shared.Platform.PostAsync(json, [("MailPace-Server-Token", account.Token)]);
    }

    private async Task<ApiAnswer> PostAsync(Account account, string? contentType, string? accept)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(SendPlatform.Email(account))));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var headers = new List<(string, string)> { ("MailPace-Server-Token", account.Token) };
        if (accept is not null)
        {
            headers.Add(("Accept", accept));
        }

        return await shared.Platform.PostAsync(content, [.. headers]);
    }
}
