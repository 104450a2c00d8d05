using MailPace.Contracts;
using MailPace.Contracts.Shaping;
using MailPace.Messaging.Shaping;
using MailPace.Smtp.Connections;
using Microsoft.Extensions.Logging;

namespace MailPace.Deliver.Shaping;

/// <summary>A lane with its lease: keeps this process' part of the group's limits, and gives it back.</summary>
internal sealed partial class SharedLane(string process, string group, GroupLimits limits, TimeSpan maxDelay, GroupStates states, TimeProvider time, Random random, ILogger logger) : IDisposable
{
    /// <summary>While nobody else is there to share with, the lease is renewed less often.</summary>
    private static readonly TimeSpan AlonePeriod = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _renewing = new(1);
    private readonly Dictionary<string, (long Beat, long Since)> _beats = [];
    private SeenGroup? _seen;
    private volatile string? _complaint;
    private volatile bool _hasTaken;
    private bool _isSlow;
    private long _renewedAt;
    private long _usedAt = time.GetTimestamp();

    public GroupLane Lane { get; } = new(group, maxDelay, time, random);

    public ConnectionQuota Connections { get; } = new(limits.MessagesPerConnection);

    public bool IsGranted => _seen is not null;

    public TimeSpan IdleFor => time.GetElapsedTime(_usedAt);

    public GroupState? State => _seen?.State;

    /// <summary>Takes a lease, unless another job does that now.</summary>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_seen is null)
            {
                await RenewNowAsync(cancellationToken);
            }
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Notes what a conversation says of the group's pace; the next renewal tells the others.</summary>
    public void Heard(IReadOnlyList<RecipientOutcome> outcomes)
    {
        if (SlowDown.ComplaintIn(outcomes) is { } complaint)
        {
            _complaint = complaint;
            return;
        }

        if (outcomes.Any(static outcome => outcome.State == RecipientState.Delivered))
        {
            _hasTaken = true;
        }
    }

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (_complaint is null && _seen is { State: { Leases.Count: 1, Pace: 1 } } && time.GetElapsedTime(_renewedAt) < AlonePeriod)
        {
            return;
        }

        await _renewing.WaitAsync(cancellationToken);
        try
        {
            await RenewNowAsync(cancellationToken);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Leaves its part to the others.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        Lane.Grant(new LaneGrant(0, 0, long.MinValue, long.MinValue, null));
        if (_seen is not null)
        {
            await states.ChangeAsync(group, _seen, state => state with { Leases = [.. state.Leases.Where(lease => lease.Process != process)] }, cancellationToken);
        }
    }

    public void Dispose()
    {
        DeliverMetrics.SlowGroup(_isSlow ? -1 : 0);
        _isSlow = false;
        Lane.Dispose();
        _renewing.Dispose();
    }

    private async Task RenewNowAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var use = Lane.TakeUse();
        if (!use.IsIdle)
        {
            _usedAt = started;
        }

        var wanted = WantedBy(use, started);
        var (complaint, hasTaken) = (_complaint, _hasTaken);
        RenewedLease? renewed = null;
        var seen = await states.ChangeAsync(
            group,
            _seen,
            state => (renewed = LeaseRenewal.Renew(Paced(state, complaint, hasTaken), wanted, Connections.Open, limits, IsAlive)).State,
            cancellationToken);
        if (seen is null)
        {
            return; // others were faster each time: the grant holds a little longer, and the next turn is soon
        }

        if (complaint is not null || hasTaken)
        {
            Interlocked.CompareExchange(ref _complaint, null, complaint);
            _hasTaken = false;
        }

        Tell(seen.State);
        (_seen, _renewedAt) = (seen, started);
        Connections.Limit = renewed!.Connections;
        var valid = started + (long)(GroupState.LeaseTime.TotalSeconds * 0.8 * time.TimestampFrequency);
        Lane.Grant(new LaneGrant(renewed.Connections, renewed.Rate, valid, SuspendedUntil(seen.State), seen.State.Reason));
    }

    private GroupState Paced(GroupState state, string? complaint, bool hasTaken)
        => complaint is null ? SlowDown.Recover(state, hasTaken, time.GetUtcNow()) : SlowDown.Strike(state, complaint, time.GetUtcNow());

    private void Tell(GroupState state)
    {
        var before = _seen?.State.Pace ?? 1;
        if (state.Pace < before)
        {
            LogSlowed(logger, group, state.Pace, state.SuspendedUntil, state.Reason);
        }

        if (before < 1 && state.Pace == 1)
        {
            LogRecovered(logger, group);
        }

        DeliverMetrics.SlowGroup((state.Pace < 1 ? 1 : 0) - (_isSlow ? 1 : 0));
        _isSlow = state.Pace < 1;
    }

    private GroupLease WantedBy(LaneUse use, long now)
    {
        var elapsed = Math.Max(0.1, time.GetElapsedTime(_renewedAt, now).TotalSeconds);
        var isFull = _seen is null || use.IsFull;
        return new GroupLease
        {
            Process = process,
            Beat = 0,
            Connections = 0,
            WantedConnections = isFull ? limits.Connections : Math.Min(limits.Connections, use.MostInUse + 1),
            WantedRate = isFull ? limits.Rate : Math.Min(limits.Rate, (use.Begun / elapsed * 1.25) + 1),
            GivenBack = use.GivenBack,
        };
    }

    private long SuspendedUntil(GroupState state)
        => state.SuspendedUntil is { } until && until - time.GetUtcNow() is var left && left > TimeSpan.Zero
            ? time.GetTimestamp() + (long)(left.TotalSeconds * time.TimestampFrequency)
            : long.MinValue;

    /// <summary>By this process' own clock: the others' may be wrong.</summary>
    private bool IsAlive(GroupLease lease)
    {
        var now = time.GetTimestamp();
        if (_beats.TryGetValue(lease.Process, out var known) && known.Beat == lease.Beat)
        {
            return time.GetElapsedTime(known.Since, now) < GroupState.LeaseTime;
        }

        _beats[lease.Process] = (lease.Beat, now);
        return true;
    }

    [LoggerMessage(EventIds.GroupSlowed, LogLevel.Warning, "MX group {Group} asks for less: it gets {Pace} of its limits, and nothing until {SuspendedUntil}: {Reason}")]
    private static partial void LogSlowed(ILogger logger, string group, double pace, DateTimeOffset? suspendedUntil, string? reason);

    [LoggerMessage(EventIds.GroupRecovered, LogLevel.Information, "MX group {Group} gets all of its limits again")]
    private static partial void LogRecovered(ILogger logger, string group);
}
