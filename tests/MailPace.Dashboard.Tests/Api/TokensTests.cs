using MailPace.Dashboard.Tests.Harness;
using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Tests.Api;

public sealed class TokensTests(RunningDashboard dashboard)
{
    [Fact]
    public async Task ATokensLife()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var path = $"/api/v1/domains/{await acme.AddDomainAsync("acme.example")}/api_tokens";

        var made = await acme.PostAsync(path, """{"api_token":{"name":" Shop "}}""");
        var id = made.Json.GetProperty("id").GetInt64();
        var secret = made.Json.GetProperty("token").GetString()!;
        var read = await acme.GetAsync($"{path}/{id}");
        var renamed = await acme.PatchAsync($"{path}/{id}", """{"api_token":{"name":"Web shop"}}""");
        var list = await acme.GetAsync(path);
        var deleted = await acme.DeleteAsync($"{path}/{id}");

        Assert.Equal(201, made.Status);
        Assert.Equal(["id", "name", "token", "created_at"], made.Json.EnumerateObject().Select(static p => p.Name));
        Assert.Equal("Shop", made.Json.GetProperty("name").GetString());
        Assert.StartsWith("mp_", secret, StringComparison.Ordinal);
        Assert.Equal(200, read.Status);
        Assert.Equal($"mp_…{secret[^4..]}", read.Json.GetProperty("token").GetString());
        Assert.Equal((200, "Web shop"), (renamed.Status, renamed.Json.GetProperty("name").GetString()));
        Assert.Equal("Web shop", Assert.Single(list.Json.EnumerateArray()).GetProperty("name").GetString());
        Assert.DoesNotContain(secret, read.Body + renamed.Body + list.Body, StringComparison.Ordinal);
        Assert.Equal((200, """{"message":"API token deleted"}"""), (deleted.Status, deleted.Body));
        Assert.Equal(404, (await acme.GetAsync($"{path}/{id}")).Status);
        Assert.Equal(404, (await acme.DeleteAsync($"{path}/{id}")).Status);
        Assert.Equal("[]", (await acme.GetAsync(path)).Body);
    }

    [Theory]
    [InlineData("{}", "can't be blank")]
    [InlineData("""{"api_token":{"name":"  "}}""", "can't be blank")]
    public async Task Post_WithoutAName_Is422(string request, string message)
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var path = $"/api/v1/domains/{await acme.AddDomainAsync("acme.example")}/api_tokens";

        var answer = await acme.PostAsync(path, request);

        Assert.Equal((422, $$$"""{"errors":{"name":["{{{message}}}"]}}"""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task OrganisationToken_MissingWrongRevokedOrOfADomain_Is401()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var domain = await acme.AddDomainAsync("acme.example");
        var ofDomain = await server.NewTokenAsync(acme.OrganisationId, domain);
        var revoked = await server.NewTokenAsync(acme.OrganisationId, domainId: null);
        var tokens = server.Get<ApiTokens>();
        var id = (await tokens.ListAsync(acme.OrganisationId, TestContext.Current.CancellationToken))[^1].Id;
        await tokens.RevokeAsync(id, TestContext.Current.CancellationToken);

        var missing = await acme.With(null).GetAsync("/api/v1/domains");
        Assert.Equal((401, """{"error":"Missing API Token"}"""), (missing.Status, missing.Body));
        foreach (var wrong in (string[])["mp_wrong", revoked, ofDomain])
        {
            var answer = await acme.With(wrong).GetAsync("/api/v1/domains");
            Assert.Equal((401, """{"error":"Invalid API Token"}"""), (answer.Status, answer.Body));
            Assert.Equal(401, (await acme.With(wrong).SendAsync(HttpMethod.Post, "/api/v1/domains", "{")).Status);
        }

        Assert.Equal(401, (await acme.With(ofDomain).SendAsync(HttpMethod.Get, "/api/v1/domains", null, header: "MailPace-Server-Token")).Status);
    }

    [Fact]
    public async Task TooManyRequests_Are429_AndHeadersTellWhatIsLeft()
    {
        await using var server = await dashboard.StartAsync(("Dashboard:RequestsPerMinute", "2"));
        var acme = await server.NewCustomerAsync();

        ApiAnswer answer;
        List<string> remaining = [];
        do
        {
            // A minute may end in between.
            answer = await acme.GetAsync("/api/v1/domains");
            remaining.Add(answer.Headers["RateLimit-Remaining"]);
        }
        while (answer.Status == 200);

        Assert.Equal((429, """{"error":"You are making requests too quickly"}"""), (answer.Status, answer.Body));
        Assert.Equal("2", answer.Headers["RateLimit-Limit"]);
        Assert.InRange(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal(["1", "0", "0"], remaining.TakeLast(3));
    }
}
