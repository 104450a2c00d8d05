using MailPace.Messaging.Topology;
using MailPace.Record.Feeding;
using MailPace.Record.Projecting;
using MailPace.Record.Reconciling;
using MailPace.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Record.Leading;

/// <summary>
/// One process of all works: the leader. Its term runs the projection, the directory's feed, the reconciler, the partitions and
/// the counter of email ids. A term
/// ends when the lock is lost or the projection fails; then it starts over, after a pause that grows while PostgreSQL is away.
/// The cursors make the projection right even where two processes believe to lead.
/// </summary>
internal sealed partial class RecordLeader(
    Database database,
    TopologyKeeper topology,
    Projector projector,
    DirectoryFeed feed,
    SuppressionKeeper suppressions,
    Reconciler reconciler,
    PartitionKeeper partitions,
    EmailIdKeeper ids,
    IOptions<RecordOptions> options,
    TimeProvider time,
    ILogger<RecordLeader> logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly ILogger logger = logger;

    /// <summary>This process leads now.</summary>
    public bool IsLeader { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await topology.Ready.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var pause = options.Value.LeaderInterval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var held = await LeaderLock.TryTakeAsync(database, stoppingToken);
                if (held is not null)
                {
                    pause = options.Value.LeaderInterval;
                    await ServeTermAsync(held, stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogTermFailed(failure, pause);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.LeaderInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeTermAsync(LeaderLock held, CancellationToken stoppingToken)
    {
        LogGained();
        IsLeader = true;
        using var term = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] duties =
        [
            HoldAsync(held, term.Token),
            projector.RunAsync(term.Token),
            feed.RunAsync(term.Token),
            suppressions.RunAsync(term.Token),
            reconciler.RunAsync(term.Token),
            partitions.RunAsync(term.Token),
            ids.RunAsync(term.Token),
        ];
        try
        {
            await await Task.WhenAny(duties);
        }
        finally
        {
            IsLeader = false;
            await term.CancelAsync();
            await Task.WhenAll(duties).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            LogLost();
        }
    }

    private async Task HoldAsync(LeaderLock held, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(options.Value.LeaderInterval, time, cancellationToken);
            await held.CheckAsync(cancellationToken);
        }
    }

    [LoggerMessage(EventIds.LeadershipGained, LogLevel.Information, "This process projects history now")]
    private partial void LogGained();

    [LoggerMessage(EventIds.LeadershipLost, LogLevel.Information, "This process projects history no more")]
    private partial void LogLost();

    [LoggerMessage(EventIds.TermFailed, LogLevel.Error, "History can't be written now, the next try is in {Pause}; nothing is lost meanwhile")]
    private partial void LogTermFailed(Exception failure, TimeSpan pause);
}
