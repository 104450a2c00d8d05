using System.Collections.Concurrent;
using MailPace.Contracts.Shaping;
using MailPace.Messaging.Shaping;
using MailPace.Messaging.Topology;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;

namespace MailPace.Deliver.Shaping;

/// <summary>
/// Lets jobs through to their MX groups within the groups' limits, which all <c>deliver</c> processes share by leases in a bucket: one small
/// write per group and second, nothing per message.
/// </summary>
internal sealed partial class GroupGate(
    MxGroups groups,
    GroupStates states,
    TopologyKeeper topology,
    IOptions<ShapingOptions> shaping,
    IOptions<DeliverOptions> delivery,
    TimeProvider time,
    Random random,
    ILogger<GroupGate> logger) : BackgroundService
{
    private const int RenewedAtOnce = 16;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeptIdle = TimeSpan.FromSeconds(30);

    private readonly string _process = $"{Environment.MachineName}-{Guid.CreateVersion7(time.GetUtcNow()):N}";
    private readonly ConcurrentDictionary<string, SharedLane> _lanes = new();

    public async ValueTask<(Admission Admission, SharedLane Lane)> EnterAsync(string group, CancellationToken cancellationToken)
    {
        var shared = _lanes.GetOrAdd(group, name => new SharedLane(_process, name, groups.LimitsOf(name), shaping.Value.MaxDelay, states, time, random, logger));
        if (!shared.IsGranted)
        {
            await TryAsync(group, shared.AcquireAsync, cancellationToken);
        }

        // A group that fills half of the handlers may wait as long only as hardly delays the others.
        var patience = shared.Lane.Jobs < delivery.Value.Concurrency / 2 ? shaping.Value.Patience : shaping.Value.Patience / 5;
        return (await shared.Lane.EnterAsync(patience, cancellationToken), shared);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            await topology.Ready.WaitAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RenewAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await ReleaseAsync();
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = RenewedAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_lanes, options, async (lane, token) =>
        {
            if (lane.Value.IdleFor > KeptIdle && lane.Value.Connections.Open == 0)
            {
                // Who has found it just now is given back, and finds a new one.
                _lanes.TryRemove(lane);
                await TryAsync(lane.Key, lane.Value.ReleaseAsync, token);
                lane.Value.Dispose();
                return;
            }

            await TryAsync(lane.Key, lane.Value.RenewAsync, token);
        });
    }

    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(GroupState.LeaseTime, time);
        foreach (var (group, lane) in _lanes)
        {
            await TryAsync(group, lane.ReleaseAsync, limit.Token);
        }
    }

    /// <summary>Without the bucket nothing is let through once the lease is over; JOBS is away then as well.</summary>
    private async Task TryAsync(string group, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception failure) when (failure is NatsException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogNotShared(group, failure.Message);
        }
        catch (OperationCanceledException)
        {
            // The process stops; others take the lease over when it stands still.
        }
    }

    [LoggerMessage(EventIds.NotShared, LogLevel.Warning, "The limits of MX group {Group} can't be shared now: {Reason}")]
    private partial void LogNotShared(string group, string reason);
}
