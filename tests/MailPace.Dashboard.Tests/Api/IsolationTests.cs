using MailPace.Dashboard.Tests.Harness;

namespace MailPace.Dashboard.Tests.Api;

/// <summary>What belongs to another organisation doesn't exist (security checklist 15): each route with its ids, and with ids that are nobody's.</summary>
public sealed class IsolationTests(RunningDashboard dashboard)
{
    public static TheoryData<string, string, string?> Routes => new()
    {
        { "GET", "/api/v1/domains/{domain}", null },
        { "PATCH", "/api/v1/domains/{domain}", """{"domain":{"url":"https://taken.over"}}""" },
        { "POST", "/api/v1/domains/{domain}/verify", null },
        { "GET", "/api/v1/domains/{domain}/api_tokens", null },
        { "POST", "/api/v1/domains/{domain}/api_tokens", """{"api_token":{"name":"x"}}""" },
        { "GET", "/api/v1/domains/{domain}/api_tokens/{token}", null },
        { "PATCH", "/api/v1/domains/{domain}/api_tokens/{token}", """{"api_token":{"name":"x"}}""" },
        { "DELETE", "/api/v1/domains/{domain}/api_tokens/{token}", null },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task AnothersIds_Are404_AndNothingChanges(string method, string route, string? body)
    {
        var server = await dashboard.ServerAsync();
        var owner = await server.NewCustomerAsync("Owner");
        var stranger = await server.NewCustomerAsync("Stranger");
        var domain = await owner.AddDomainAsync("owner.example");
        var own = await stranger.AddDomainAsync("stranger.example");
        var token = (await owner.PostAsync($"/api/v1/domains/{domain}/api_tokens", """{"api_token":{"name":"t"}}""")).Json.GetProperty("id").GetInt64();
        var before = await StateAsync(owner, domain);

        List<(long, long)> guesses = [(domain, token), (own + 1, token), (long.MaxValue, 1), (0, 0), (-1, -1)];
        if (route.Contains("{token}", StringComparison.Ordinal))
        {
            guesses.Add((own, token));
        }

        foreach (var (guess, tokenGuess) in guesses)
        {
            var path = route.Replace("{domain}", $"{guess}", StringComparison.Ordinal).Replace("{token}", $"{tokenGuess}", StringComparison.Ordinal);
            var answer = await stranger.SendAsync(new HttpMethod(method), path, body);
            Assert.Equal((404, """{"error":"Not found"}"""), (answer.Status, answer.Body));
        }

        Assert.Equal(before, await StateAsync(owner, domain));
        Assert.Equal("stranger.example", Assert.Single((await stranger.GetAsync("/api/v1/domains")).Json.EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("GET", "/api/v1/domains/x", 404, """{"error":"Not found"}""")]
    [InlineData("GET", "/api/v1/nothing", 404, """{"error":"Not found"}""")]
    [InlineData("DELETE", "/api/v1/domains", 405, """{"error":"Method not allowed"}""")]
    public async Task UnknownRoutes_AnswerInTheSameForm(string method, string path, int status, string body)
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();

        var answer = await acme.SendAsync(new HttpMethod(method), path, null);

        Assert.Equal((status, body), (answer.Status, answer.Body));
    }

    private static async Task<string> StateAsync(Customer owner, long domain)
        => (await owner.GetAsync("/api/v1/domains")).Body + (await owner.GetAsync($"/api/v1/domains/{domain}/api_tokens")).Body;
}
