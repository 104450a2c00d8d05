using System.Threading.Channels;
using MailPace.Storage;
using MailPace.Storage.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Webhook.Delivering;

/// <summary>
/// Writes attempts into PostgreSQL, all that wait in one transaction, and pauses endpoints that fail for too long. An attempt is acknowledged
/// after it's written; while PostgreSQL is away posting goes on, and what waits to be written is bounded.
/// </summary>
internal sealed partial class AttemptLog(
    WebhookAttempts attempts, WebhookEndpoints endpoints, IOptions<WebhookOptions> options, TimeProvider time, ILogger<AttemptLog> logger) : BackgroundService
{
    private const int MaxBatch = 2_000;
    private const int MaxWaiting = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = logger;
    private readonly Channel<Entry> waiting = Channel.CreateUnbounded<Entry>();

    /// <summary>Endpoints whose row says that they are well, as far as this process knows.</summary>
    private readonly HashSet<long> well = [];

    private volatile bool isAway;

    /// <summary>Returns when it's written, or when waiting for that is no use.</summary>
    public async Task WriteAsync(WebhookAttempt attempt)
    {
        if (waiting.Reader.Count >= MaxWaiting)
        {
            WebhookMetrics.Unlogged();
            return;
        }

        var entry = new Entry(attempt, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        waiting.Writer.TryWrite(entry);
        if (!isAway)
        {
            await Task.WhenAny(entry.Written.Task, Task.Delay(Patience, time));
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Entry>(MaxBatch);
        while (await WaitAsync(stoppingToken))
        {
            while (batch.Count < MaxBatch && waiting.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await WriteUntilDoneAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    /// <summary>What is left at the stop is still written.</summary>
    private async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await waiting.Reader.WaitToReadAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return waiting.Reader.Count > 0;
        }
    }

    private async Task WriteUntilDoneAsync(List<Entry> batch, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await attempts.AddAsync([.. batch.Select(static entry => entry.Attempt)], CancellationToken.None);
                isAway = false;
                batch.ForEach(static entry => entry.Written.TrySetResult());
                await NoteAsync(batch);
                return;
            }
            catch (Exception failure)
            {
                LogFailed(failure);
                if (stoppingToken.IsCancellationRequested || !PostgresFaults.IsTransient(failure))
                {
                    return;
                }

                isAway = true;
                batch.ForEach(static entry => entry.Written.TrySetResult());
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task NoteAsync(List<Entry> batch)
    {
        var succeeded = batch.Where(static entry => entry.Attempt.IsSuccess).Select(static entry => entry.Attempt.EndpointId).ToHashSet();
        var failed = batch.Where(entry => !entry.Attempt.IsSuccess && !succeeded.Contains(entry.Attempt.EndpointId))
            .GroupBy(static entry => entry.Attempt.EndpointId)
            .ToDictionary(static endpoint => endpoint.Key, static endpoint => endpoint.Count());
        var better = succeeded.Where(id => !well.Contains(id)).ToList();
        if (better.Count == 0 && failed.Count == 0)
        {
            return;
        }

        var paused = await endpoints.NoteAsync(better, failed, options.Value.PauseAfter, options.Value.PauseFailures, CancellationToken.None);
        well.UnionWith(better);
        well.ExceptWith(failed.Keys);
        WebhookMetrics.Paused(paused.Count);
        foreach (var id in paused)
        {
            LogPaused(id);
        }
    }

    [LoggerMessage(EventIds.LogFailed, LogLevel.Warning, "Attempts to post can't be logged now")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(EventIds.Paused, LogLevel.Warning, "Endpoint {EndpointId} took nothing for too long and is paused; what comes is kept")]
    private partial void LogPaused(long endpointId);

    private sealed record Entry(WebhookAttempt Attempt, TaskCompletionSource Written);
}
