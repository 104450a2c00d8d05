using MailPace.Contracts;
using MailPace.Smtp.Protocol;
using MailPace.Smtp.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Connections;

/// <summary>
/// Keeps connections for reuse, per destination. Specification:
/// <list type="bullet">
/// <item>A destination has at most <see cref="SmtpOptions.MaxConnectionsPerDestination"/> connections; who comes then waits.</item>
/// <item>A connection is given to one user at a time, and goes back only if the remote is expected to go on with it.</item>
/// <item>Where a quota is full, a connection that waits for reuse is closed before another one is opened.</item>
/// <item>An idle connection is closed after <see cref="SmtpOptions.IdleTimeout"/>, or when anything was heard on it.</item>
/// <item>Where TLS was agreed on and failed, and nobody demands it, the destination is spoken to in clear for a while.</item>
/// </list>
/// </summary>
internal sealed partial class ConnectionPool : IDisposable
{
    private readonly SmtpOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionPool> _logger;
    private readonly CertificateCheck _certificates;
    private readonly string _heloName;
    private readonly Lock _gate = new();
    private readonly Dictionary<Destination, DestinationPool> _pools = [];
    private readonly ITimer _sweeper;
    private bool _isDisposed;

    public ConnectionPool(IOptions<SmtpOptions> options, CertificateCheck certificates, TimeProvider time, ILogger<ConnectionPool> logger)
    {
        _options = options.Value;
        _certificates = certificates;
        _time = time;
        _logger = logger;
        _heloName = _options.HeloNameOrHost;
        var period = TimeSpan.FromTicks(Math.Max(_options.IdleTimeout.Ticks / 4, TimeSpan.TicksPerMillisecond * 25));
        _sweeper = time.CreateTimer(static state => ((ConnectionPool)state!).Sweep(), this, period, period);
    }

    /// <summary>Gives an idle connection, or a new one.</summary>
    /// <exception cref="ConversationEndedException">The destination can't be talked to.</exception>
    public Task<SmtpConnection> RentAsync(Destination destination, ConnectionQuota? quota, long deadline, CancellationToken cancellationToken)
        => RentAsync(destination, quota, deadline, mayReuse: true, cancellationToken);

    /// <summary>Gives a new connection: a kept one has just turned out to be dead.</summary>
    public Task<SmtpConnection> RentFreshAsync(Destination destination, ConnectionQuota? quota, long deadline, CancellationToken cancellationToken)
        => RentAsync(destination, quota, deadline, mayReuse: false, cancellationToken);

    public void Return(SmtpConnection connection)
    {
        var quota = connection.Quota;
        var most = Math.Min(_options.MaxMessagesPerConnection, quota?.MessagesPerConnection ?? int.MaxValue);
        var isKept = !connection.IsClosing && connection.Transactions < most && (quota is null || quota.Open <= quota.Limit) && connection.TryRest();
        connection.IdleSince = _time.GetTimestamp();
        lock (_gate)
        {
            isKept &= !_isDisposed;
            if (isKept)
            {
                _pools[connection.Destination].Idle.Add(connection);
                quota?.Idle.AddLast(connection);
            }

            Release(connection.Destination);
        }

        if (!isKept)
        {
            Close(connection);
        }
    }

    /// <summary>Takes back a connection that broke.</summary>
    public void Discard(SmtpConnection connection)
    {
        connection.Dispose();
        Count(connection);
        lock (_gate)
        {
            Release(connection.Destination);
        }
    }

    public void Dispose()
    {
        _sweeper.Dispose();
        List<SmtpConnection> idle;
        lock (_gate)
        {
            _isDisposed = true;
            idle = [.. _pools.Values.SelectMany(pool => pool.Idle)];
            foreach (var pool in _pools.Values)
            {
                pool.Idle.ForEach(static connection => connection.Quota?.Idle.Remove(connection));
                pool.Idle.Clear();
            }
        }

        idle.ForEach(Close);
    }

    private static void Close(SmtpConnection connection)
    {
        connection.Leave();
        Count(connection);
    }

    private static void Count(SmtpConnection connection)
    {
        connection.Quota?.Closed();
        SmtpMetrics.Closed();
    }

    private async Task<SmtpConnection> RentAsync(Destination destination, ConnectionQuota? quota, long deadline, bool mayReuse, CancellationToken cancellationToken)
    {
        DestinationPool pool;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_pools.TryGetValue(destination, out pool!))
            {
                _pools.Add(destination, pool = new DestinationPool(_options.MaxConnectionsPerDestination));
            }

            pool.Users++;
        }

        var hasSlot = false;
        try
        {
            hasSlot = await WaitForSlotAsync(pool, deadline, cancellationToken);
            if (!hasSlot)
            {
                throw new ConversationEndedException(SmtpStep.Connect, new RemoteReply(0, "4.4.1", $"no free connection to {destination} in time"));
            }

            while (mayReuse && TakeIdle(pool) is { } kept)
            {
                if (kept.IsQuiet && _time.GetElapsedTime(kept.IdleSince) < _options.IdleTimeout)
                {
                    kept.Deadline = deadline;
                    return kept;
                }

                Close(kept);
            }

            MakeRoom(quota);
            return await OpenCountedAsync(destination, pool, quota, deadline, cancellationToken);
        }
        catch
        {
            lock (_gate)
            {
                Leave(destination, pool, hasSlot);
            }

            throw;
        }
    }

    private async Task<bool> WaitForSlotAsync(DestinationPool pool, long deadline, CancellationToken cancellationToken)
    {
        if (deadline == long.MaxValue)
        {
            await pool.Slots.WaitAsync(cancellationToken);
            return true;
        }

        var left = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
        return await pool.Slots.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Counts it from before it's there, so that a host that answers slowly isn't tried more often than allowed.</summary>
    private async Task<SmtpConnection> OpenCountedAsync(Destination destination, DestinationPool pool, ConnectionQuota? quota, long deadline, CancellationToken cancellationToken)
    {
        quota?.Opened();
        try
        {
            var connection = await OpenAsync(destination, pool, deadline, cancellationToken);
            connection.Quota = quota;
            return connection;
        }
        catch
        {
            quota?.Closed();
            throw;
        }
    }

    private async Task<SmtpConnection> OpenAsync(Destination destination, DestinationPool pool, long deadline, CancellationToken cancellationToken)
    {
        SmtpConnection connection;
        try
        {
            connection = await SmtpConnection.OpenAsync(destination, LevelNow(destination, pool), _certificates, _heloName, _options.Timeouts, deadline, _time, cancellationToken);
        }
        catch (TlsFailedException failure)
        {
            SmtpMetrics.TlsFailed();
            LogTlsFailed(_logger, destination.Host, failure.Message);
            lock (_gate)
            {
                pool.ClearUntil = _time.GetTimestamp() + (long)(_options.TlsRetryAfter.TotalSeconds * _time.TimestampFrequency);
            }

            connection = await SmtpConnection.OpenAsync(destination, TlsLevel.Clear, _certificates, _heloName, _options.Timeouts, deadline, _time, cancellationToken);
            connection.TlsFailure = failure.Message;
        }

        SmtpMetrics.Opened();
        return connection;
    }

    private TlsLevel LevelNow(Destination destination, DestinationPool pool)
    {
        lock (_gate)
        {
            return _time.GetTimestamp() < pool.ClearUntil ? TlsLevel.Clear : destination.Tls.Level;
        }
    }

    private SmtpConnection? TakeIdle(DestinationPool pool)
    {
        lock (_gate)
        {
            if (pool.Idle.Count == 0)
            {
                return null;
            }

            var connection = pool.Idle[^1];
            TakeOut(connection, pool);
            return connection;
        }
    }

    private void MakeRoom(ConnectionQuota? quota)
    {
        while (quota is not null && quota.Open >= quota.Limit)
        {
            SmtpConnection longest;
            lock (_gate)
            {
                if (quota.Idle.First is not { } first)
                {
                    return;
                }

                longest = first.Value;
                TakeOut(longest, _pools[longest.Destination]);
            }

            Close(longest);
        }
    }

    private static void TakeOut(SmtpConnection connection, DestinationPool pool)
    {
        pool.Idle.Remove(connection);
        connection.Quota?.Idle.Remove(connection);
    }

    private void Release(Destination destination) => Leave(destination, _pools[destination], hasSlot: true);

    private void Leave(Destination destination, DestinationPool pool, bool hasSlot)
    {
        if (hasSlot)
        {
            pool.Slots.Release();
        }

        pool.Users--;
        ForgetIfUnused(destination, pool);
    }

    private void ForgetIfUnused(Destination destination, DestinationPool pool)
    {
        if (pool.Users == 0 && pool.Idle.Count == 0 && _time.GetTimestamp() >= pool.ClearUntil)
        {
            _pools.Remove(destination);
            pool.Dispose();
        }
    }

    private void Sweep()
    {
        List<SmtpConnection> expired = [];
        lock (_gate)
        {
            foreach (var (destination, pool) in _pools.ToArray())
            {
                foreach (var connection in pool.Idle.Where(IsOver).ToArray())
                {
                    TakeOut(connection, pool);
                    expired.Add(connection);
                }

                ForgetIfUnused(destination, pool);
            }
        }

        expired.ForEach(Close);
    }

    private bool IsOver(SmtpConnection idle)
        => _time.GetElapsedTime(idle.IdleSince) >= _options.IdleTimeout || (idle.Quota is { } quota && quota.Open > quota.Limit);

    [LoggerMessage(SmtpEventIds.TlsFailed, LogLevel.Warning, "TLS with {Host} failed, going on in clear: {Reason}")]
    private static partial void LogTlsFailed(ILogger logger, string host, string reason);
}
