using System.Globalization;
using System.Net;
using Function;

// A function without MailPace's libraries: health, readiness and draining, and nothing else.
var builder = WebApplication.CreateSlimBuilder(args);
var delay = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("drain_delay_seconds") ?? "5", CultureInfo.InvariantCulture));
var port = int.Parse(Environment.GetEnvironmentVariable("port") ?? "8080", CultureInfo.InvariantCulture);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, port));
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
var drain = new Drain(delay);
builder.Services.AddSingleton<IHostedService>(drain);
Handler.MapServices(builder.Services);

var app = builder.Build();
app.MapGet("/_/health", () => Results.Ok());
app.MapGet("/_/ready", () => drain.Stopping ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Ok());
Handler.MapEndpoints(app);
await app.RunAsync();

/// <summary>After SIGTERM the function still serves while its endpoint is withdrawn, as /_/ready asks for.</summary>
internal sealed class Drain(TimeSpan delay) : IHostedLifecycleService
{
    public bool Stopping { get; private set; }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Stopping = true;
        return Task.Delay(delay, CancellationToken.None);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
