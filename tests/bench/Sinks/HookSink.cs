using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPace.Bench.Sinks;

/// <summary>Customers' endpoints, all on one listener: those under <c>/hang/</c> never answer, the others at once. Keeps how old each event was.</summary>
internal sealed class HookSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private ConcurrentQueue<double> _ages = new();
    private int _hooks;

    private HookSink(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Posts to the endpoints that answer.</summary>
    public int Hooks => _hooks;

    public static async Task<HookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var sink = new HookSink(app);
        app.Run(sink.TakeAsync);
        await app.StartAsync();
        return sink;
    }

    /// <summary>Milliseconds from event to post, of those since the last call.</summary>
    public double[] TakeAges() => [.. Interlocked.Exchange(ref _ages, new ConcurrentQueue<double>())];

    public async Task ReachAsync(int hooks, TimeSpan limit)
    {
        for (var started = Environment.TickCount64; _hooks < hooks; await Task.Delay(10))
        {
            if (Environment.TickCount64 - started > limit.TotalMilliseconds)
            {
                throw new TimeoutException($"{_hooks} of {hooks} hooks came.");
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/hang", StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        const string Member = "\"updated_at\":\"";
        var start = body.IndexOf(Member, StringComparison.Ordinal) + Member.Length;
        _ages.Enqueue((now - DateTimeOffset.Parse(body.AsSpan(start, 24), CultureInfo.InvariantCulture)).TotalMilliseconds);
        Interlocked.Increment(ref _hooks);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
