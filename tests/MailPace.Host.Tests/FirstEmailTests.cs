using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MailPace.Testing;

namespace MailPace.Host.Tests;

/// <summary>The first minutes of someone who starts the platform: nothing in their emails' history is there to be explained away.</summary>
public sealed class FirstEmailTests(PostgresServerFixture postgres)
{
    [Fact]
    public async Task FirstEmailsAfterAFreshStart_AreDeliveredWithoutAnUncertainAttempt()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());

        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SendAsync(platform)));

        foreach (var id in ids)
        {
            var history = await DeliveredAsync(platform, id);
            Assert.DoesNotContain("uncertain", history, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static async Task<long> SendAsync(Platform platform)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("MailPace-Server-Token", platform.Token);
        using var answer = await http.PostAsJsonAsync(
            new Uri(platform.Url + "/api/v1/send"),
            new { from = $"you@{platform.Domain}", to = "someone@example.com", subject = "Hello", textbody = "Hello" },
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetInt64();
    }

    /// <summary>Waits until history says that it's delivered, and returns what it says.</summary>
    private static async Task<string> DeliveredAsync(Platform platform, long id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                var history = await platform.CommandAsync("email", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                if (history.Contains(" delivered ", StringComparison.Ordinal))
                {
                    return history;
                }
            }
            catch (InvalidOperationException notYet) when (notYet.Message.Contains("no email", StringComparison.OrdinalIgnoreCase))
            {
                // The projection has not come to it.
            }
        }
    }
}
