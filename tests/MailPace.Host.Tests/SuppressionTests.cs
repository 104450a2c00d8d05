using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using MailPace.Testing;

namespace MailPace.Host.Tests;

/// <summary>From the operator's command to the API's refusal, through PostgreSQL, the outbox and the directory.</summary>
public sealed class SuppressionTests(PostgresServerFixture postgres)
{
    [Fact]
    public async Task Suppression_IsRefusedWithinASecond_UntilTheAllowListSaysOtherwise()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(platform)).Status);

        await platform.CommandAsync("suppressions", "add", platform.Domain, "Someone@example.com");
        var refused = await UntilAsync(platform, HttpStatusCode.BadRequest);
        Assert.Equal("""{"errors":{"to":["contains a blocked address"]}}""", refused.Body);
        Assert.InRange(refused.After, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        await platform.CommandAsync("suppressions", "add", platform.Domain, "someone@example.com", "--allow");
        await UntilAsync(platform, HttpStatusCode.OK);
        await platform.CommandAsync("suppressions", "undo", platform.Domain, "2");
        await UntilAsync(platform, HttpStatusCode.BadRequest);
        await platform.CommandAsync("suppressions", "undo", platform.Domain, "1");
        await UntilAsync(platform, HttpStatusCode.OK);

        // The list of a whole organisation, and a snapshot instead of the log.
        await platform.CommandAsync("suppressions", "add", "Demo", "someone@example.com", "--organisation");
        await UntilAsync(platform, HttpStatusCode.BadRequest);
        await platform.CommandAsync("directory", "resync");
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(platform)).Status);
        Assert.Contains("someone@example.com,manual,", await platform.CommandAsync("suppressions", "export", "Demo", "--organisation"), StringComparison.Ordinal);
    }

    private static async Task<(string Body, TimeSpan After)> UntilAsync(Platform platform, HttpStatusCode wanted)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = Stopwatch.GetElapsedTime(started);
            var (status, body) = await SendAsync(platform);
            if (status == wanted)
            {
                return (body, asked);
            }

            Assert.True(asked < TimeSpan.FromSeconds(30), $"It stays {status}: {body}");
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(Platform platform)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("MailPace-Server-Token", platform.Token);
        using var answer = await http.PostAsJsonAsync(
            new Uri(platform.Url + "/api/v1/send"),
            new { from = $"you@{platform.Domain}", to = "someone@example.com", subject = "Hello", textbody = "Hello" },
            TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
