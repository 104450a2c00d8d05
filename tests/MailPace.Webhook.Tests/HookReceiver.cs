using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPace.Webhook.Tests;

/// <summary>A customer's endpoint, which keeps what it gets and answers as it's told.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedHook> _hooks = new();

    private HookReceiver(WebApplication app) => _app = app;

    /// <summary>What it answers; 200 until it's told otherwise.</summary>
    public Func<HttpContext, ReceivedHook, Task> Answer { get; set; } = static (_, _) => Task.CompletedTask;

    public string Url => _app.Urls.First() + "/hook";

    public int Port => new Uri(_app.Urls.First()).Port;

    public IReadOnlyList<ReceivedHook> Hooks => [.. _hooks];

    public static async Task<HookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new HookReceiver(app);
        app.Map("{**path}", receiver.ReceiveAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public void AnswerStatus(int status) => Answer = (context, _) =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync($"answer {status}");
    };

    public async Task<IReadOnlyList<ReceivedHook>> UntilAsync(int count)
    {
        await Eventually.TrueAsync(() => _hooks.Count >= count, $"the endpoint has {count} hooks (it has {string.Join(", ", Hooks.Select(static hook => hook.Name))})");
        return Hooks;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var hook = new ReceivedHook(
            context.Request.Path, body.ToArray(), context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        _hooks.Enqueue(hook);
        await Answer(context, hook);
    }
}
