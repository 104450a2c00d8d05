using MailPace.Contracts.Shaping;

namespace MailPace.Deliver.Shaping;

/// <summary>
/// The way of one process to one MX group. Specification:
/// <list type="bullet">
/// <item>At most as many jobs are in it as the grant has connections; they begin at the grant's rate; in the order in which they came.</item>
/// <item>A job that has to wait may do so for the patience that it's given. Where more is to be expected, or turns out, it's given back with
/// the time when room is expected: by how long conversations take and how many were given back before it. Half as much again are told to come as
/// would fit, so that a group that got faster isn't kept waiting.</item>
/// <item>A grant that wasn't renewed in time, or a suspended group, lets nobody in.</item>
/// </list>
/// </summary>
internal sealed class GroupLane(string name, TimeSpan maxDelay, TimeProvider time, Random random) : IDisposable
{
    private static readonly TimeSpan MinDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource<long>> _waiting = new();
    private readonly long _origin = time.GetTimestamp();
    private ITimer? _pump;
    private LaneGrant _grant = new(0, 0, long.MinValue, long.MinValue, null);
    private Pace _pace;
    private int _inUse;
    private double _startsSum;
    private double _meanSeconds;
    private long _givenUntil = long.MinValue;
    private int _mostInUse;
    private int _begun;
    private int _givenBack;
    private bool _isFull;

    public string Name { get; } = name;

    /// <summary>Lets a job in, at once or within <paramref name="patience"/>.</summary>
    public async ValueTask<Admission> EnterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_waiting.Count == 0 && TryBegin(now))
            {
                return new Admission.Admitted(this, now);
            }

            _isFull = true;
            if (ExpectedWait(now) > patience)
            {
                return GiveBack(now);
            }

            _waiting.AddLast(turn);
            PumpLater(now);
        }

        try
        {
            return new Admission.Admitted(this, await turn.Task.WaitAsync(patience, time, cancellationToken));
        }
        catch (Exception waited) when (waited is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (turn.Task.IsCompletedSuccessfully)
                {
                    return new Admission.Admitted(this, turn.Task.Result);
                }

                _waiting.Remove(turn);
                return GiveBack(time.GetTimestamp());
            }
        }
    }

    public void Leave(long enteredAt)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _inUse--;
            _startsSum -= Seconds(enteredAt);
            var took = time.GetElapsedTime(enteredAt, now).TotalSeconds;
            _meanSeconds = _meanSeconds == 0 ? took : (_meanSeconds * 0.9) + (took * 0.1);
            Pump(now);
        }
    }

    /// <summary>How many jobs are in it or wait for it.</summary>
    public int Jobs
    {
        get
        {
            lock (_gate)
            {
                return _inUse + _waiting.Count;
            }
        }
    }

    public void Grant(LaneGrant grant)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _grant = grant;
            _pace.Set(grant.Rate, now, time);
            Pump(now);
        }
    }

    public LaneUse TakeUse()
    {
        lock (_gate)
        {
            var use = new LaneUse(_inUse, Math.Max(_mostInUse, _inUse), _begun, _isFull, _givenBack);
            (_mostInUse, _begun, _isFull, _givenBack) = (_inUse, 0, _waiting.Count > 0, 0);
            return use;
        }
    }

    public void Dispose() => _pump?.Dispose();

    private double Seconds(long timestamp) => time.GetElapsedTime(_origin, timestamp).TotalSeconds;

    private bool IsOpen(long now) => now < _grant.ValidUntil && now >= _grant.SuspendedUntil;

    private bool TryBegin(long now)
    {
        _pace.Refill(now, time);
        if (!IsOpen(now) || _inUse >= _grant.Connections || _pace.Wait > TimeSpan.Zero)
        {
            return false;
        }

        _pace.Take();
        _inUse++;
        _begun++;
        _mostInUse = Math.Max(_mostInUse, _inUse);
        _startsSum += Seconds(now);
        return true;
    }

    private void Pump(long now)
    {
        while (_waiting.First is { } first && TryBegin(now))
        {
            _waiting.RemoveFirst();
            first.Value.SetResult(now);
        }

        PumpLater(now);
    }

    /// <summary>Where only the pace holds the next one back, nobody leaves who would let it in.</summary>
    private void PumpLater(long now)
    {
        _pace.Refill(now, time);
        if (_waiting.Count == 0 || _inUse >= _grant.Connections || _pace.Wait is var wait && wait == TimeSpan.Zero)
        {
            return;
        }

        _pump ??= time.CreateTimer(static state => ((GroupLane)state!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pump.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void Pump()
    {
        lock (_gate)
        {
            Pump(time.GetTimestamp());
        }
    }

    private bool HasNoPart(long now) => now >= _grant.ValidUntil || _grant.Connections == 0;

    /// <summary>Of one job: as they took lately, or as those have taken already that are still at it.</summary>
    private double SecondsEach(long now) => Math.Max(_meanSeconds, _inUse == 0 ? 0 : Seconds(now) - (_startsSum / _inUse));

    /// <summary>Jobs per second that get through while it's open; any number while nothing is known.</summary>
    private double Throughput(long now)
    {
        var each = SecondsEach(now);
        var byConnections = each > 0 ? Math.Max(1, _grant.Connections) / each : double.PositiveInfinity;
        return _grant.Rate > 0 ? Math.Min(byConnections, _grant.Rate) : byConnections;
    }

    private TimeSpan ExpectedWait(long now)
    {
        if (HasNoPart(now) || now < _grant.SuspendedUntil)
        {
            // Before the first grant, or between two, something may come at once; from a suspended group nothing does.
            return now < _grant.SuspendedUntil ? TimeSpan.MaxValue : TimeSpan.Zero;
        }

        return TimeSpan.FromSeconds((_waiting.Count + 1) / Throughput(now));
    }

    private Admission.GivenBack GiveBack(long now)
    {
        _givenBack++;
        if (HasNoPart(now) && now >= _grant.SuspendedUntil)
        {
            // Others have all of it, or the lease of a process that is gone isn't over yet: that changes within seconds, and another process may have room.
            return new Admission.GivenBack(MinDelay + (GroupState.LeaseTime * random.NextDouble()), $"this process has no part in MX group {Name}");
        }

        var from = Math.Max(now, _grant.SuspendedUntil);
        var each = 1 / Math.Clamp(Throughput(now) * 1.5, 0.1, 100_000);
        var limit = from + Ticks(maxDelay);
        _givenUntil = Math.Min(Math.Max(_givenUntil, from) + Ticks(TimeSpan.FromSeconds(each)), limit);
        var delay = _givenUntil < limit
            ? time.GetElapsedTime(now, _givenUntil)
            : time.GetElapsedTime(now, from) + (maxDelay * (0.5 + (random.NextDouble() / 2))); // more than fit in that time: spread, not all at its end
        return new Admission.GivenBack(
            delay > MinDelay ? delay : MinDelay,
            now < _grant.SuspendedUntil ? $"MX group {Name} is suspended: {_grant.Reason}" : $"MX group {Name} has no room");
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
