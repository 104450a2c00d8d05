using System.Threading.Channels;
using MailPace.Storage.Sandbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MailPace.Sandbox.Receiving;

/// <summary>
/// Stores what has arrived, all that waits in one commit: while one batch is being stored the next one fills. The sandbox is
/// the default route, so its rate is the platform's. Now and then it drops what is too old or too much.
/// </summary>
internal sealed partial class MessageStore(
    SandboxMessages messages, Arrivals arrivals, IOptions<SandboxOptions> options, TimeProvider time, ILogger<MessageStore> log) : BackgroundService
{
    private const int LargestBatch = 64;
    private static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(1);

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(1024) { SingleReader = true });

    /// <summary>Returns when the message is stored; throws when it could not be.</summary>
    public async Task AddAsync(NewSandboxMessage message, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(message, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await queue.Writer.WriteAsync(waiting, cancellationToken);

        // Not cancelled from here on: the bytes belong to the session, and are in use until the batch is stored.
        await waiting.Stored.Task;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(StoreAsync(stoppingToken), TrimAsync(stoppingToken));

    private async Task StoreAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>(LargestBatch);
        try
        {
            while (await queue.Reader.WaitToReadAsync(stoppingToken))
            {
                while (batch.Count < LargestBatch && queue.Reader.TryRead(out var waiting))
                {
                    batch.Add(waiting);
                }

                await StoreAsync(batch, stoppingToken);
                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: who still waits is told, and the sender keeps its message.
        }

        queue.Writer.TryComplete();
        while (queue.Reader.TryRead(out var left))
        {
            left.Stored.TrySetException(new OperationCanceledException("The sandbox is stopping."));
        }
    }

    private async Task StoreAsync(List<Waiting> batch, CancellationToken stoppingToken)
    {
        try
        {
            await messages.AddAsync([.. batch.Select(waiting => waiting.Message)], stoppingToken);
        }
        catch (Exception e)
        {
            LogStoreFailed(e, batch.Count);
            batch.ForEach(waiting => waiting.Stored.TrySetException(e));
            return;
        }

        batch.ForEach(waiting => waiting.Stored.TrySetResult());
        arrivals.Announce();
    }

    private async Task TrimAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TrimInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TrimOnceAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TrimOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            await messages.TrimAsync(options.Value.Keep, time.GetUtcNow() - options.Value.MaxAge, stoppingToken);
        }
        catch (NpgsqlException e)
        {
            LogTrimFailed(e.Message);
        }
    }

    [LoggerMessage(EventIds.StoreFailed, LogLevel.Error, "{Count} messages could not be stored in the sandbox; their senders try again")]
    private partial void LogStoreFailed(Exception exception, int count);

    [LoggerMessage(EventIds.TrimFailed, LogLevel.Warning, "Old messages of the sandbox could not be dropped: {Reason}")]
    private partial void LogTrimFailed(string reason);

    private sealed record Waiting(NewSandboxMessage Message, TaskCompletionSource Stored);
}
