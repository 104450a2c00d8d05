using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Draining;

/// <summary>
/// Stops in the order that loses nothing: first readiness turns to 503 and traffic goes elsewhere, then, after
/// <see cref="DrainOptions.Delay"/>, the listeners and the consumers stop and end what is in flight. StoppingAsync of every
/// hosted service runs before the first StopAsync, which is what makes this come first.
/// </summary>
internal sealed partial class DrainService(DrainState state, IOptions<DrainOptions> options, TimeProvider time, ILogger<DrainService> log)
    : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Start();
        LogDrainStarted(options.Value.Delay.TotalSeconds);
        if (options.Value.Delay > TimeSpan.Zero)
        {
            await Task.Delay(options.Value.Delay, time, cancellationToken);
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        LogDrainEnded();
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventIds.DrainStarted, LogLevel.Information, "Stopping: not ready any more, serving on for {DelaySeconds} s")]
    private partial void LogDrainStarted(double delaySeconds);

    [LoggerMessage(EventIds.DrainEnded, LogLevel.Information, "Stopped: what was in flight has ended")]
    private partial void LogDrainEnded();
}
