using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MailPace.Testing;

namespace MailPace.Host.Tests;

/// <summary>From the API call to the customer's endpoint, over the sandbox, and over the death of all that is in between.</summary>
public sealed class WebhookTests(PostgresServerFixture postgres)
{
    [Fact]
    public async Task SentEmail_IsToldAsQueuedThenDelivered()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Webhooks:AllowedNetworks", "127.0.0.0/8"));
        using var receiver = new Receiver();
        await platform.CommandAsync("webhooks", "add", platform.Domain, receiver.Url);

        var id = await SendUntilHeardAsync(platform, receiver);

        await receiver.UntilAsync(hooks => hooks.Contains($"email.delivered {id}"));
        Assert.Equal([$"email.queued {id}", $"email.delivered {id}"], receiver.Hooks.Where(hook => hook.EndsWith($" {id}", StringComparison.Ordinal)));
        Assert.Contains("email.delivered", await platform.CommandAsync("webhooks", "attempts", "1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KilledProcess_TellsAfterwards_WhatItHadNotTold()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(
            nats,
            await (await postgres.ServerAsync()).CreateDatabaseAsync(),
            ("Webhooks:AllowedNetworks", "127.0.0.0/8"),
            ("Webhooks:RetryDelays", "00:00:01"),
            ("Nats:AckWait", "00:00:02"));
        using var receiver = new Receiver();
        await platform.CommandAsync("webhooks", "add", platform.Domain, receiver.Url);
        await SendUntilHeardAsync(platform, receiver);
        receiver.Refuses = true;

        // Few: after a kill the places of the killed process' conversations are free again only one by one.
        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SendAsync(platform)));
        await receiver.UntilAsync(hooks => hooks.Contains($"refused email.queued {ids[0]}"));

        await platform.Kill9Async();
        receiver.Refuses = false;
        await platform.StartAgainAsync();

        await receiver.UntilAsync(hooks => ids.All(id => hooks.Contains($"email.queued {id}") && hooks.Contains($"email.delivered {id}")));
    }

    /// <summary>The endpoint hears of what is accepted once its domain's entry has reached every part.</summary>
    private static async Task<long> SendUntilHeardAsync(Platform platform, Receiver receiver)
    {
        while (true)
        {
            var id = await SendAsync(platform);
            for (var started = Environment.TickCount64; Environment.TickCount64 - started < 10_000; await Task.Delay(25, TestContext.Current.CancellationToken))
            {
                if (receiver.Hooks.Contains($"email.queued {id}"))
                {
                    return id;
                }
            }
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

    /// <summary>An endpoint that keeps "event id" of each request.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<string> _hooks = new();
        private readonly Task _serving;

        public Receiver()
        {
            Url = $"http://127.0.0.1:{FreePort.Next()}/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Url { get; }

        public bool Refuses { get; set; }

        public IReadOnlyList<string> Hooks => [.. _hooks];

        public async Task UntilAsync(Func<IReadOnlyList<string>, bool> isEnough)
        {
            for (var started = Environment.TickCount64; !isEnough(Hooks); await Task.Delay(50, TestContext.Current.CancellationToken))
            {
                Assert.True(Environment.TickCount64 - started < 120_000, "Heard only: " + string.Join(", ", Hooks));
            }
        }

        public void Dispose()
        {
            _listener.Close();
            _serving.Wait(TimeSpan.FromSeconds(5));
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var json = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.InputStream);
                    var refuses = Refuses;
                    _hooks.Enqueue($"{(refuses ? "refused " : "")}{json.GetProperty("event").GetString()} {json.GetProperty("payload").GetProperty("id").GetInt64()}");
                    context.Response.StatusCode = refuses ? 503 : 204;
                    context.Response.Close();
                }
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                // The test is over, or its platform was killed amid an answer.
            }
        }
    }
}
