using System.Buffers;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using MailPace.Hosting;
using MailPace.Hosting.Listening;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening.Proxy;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.SmtpEdge.Listening;

/// <summary>
/// An SMTP server on Kestrel's socket transport. A process can run several, each with its own listeners, limits and intake.
/// Stopping is graceful: no new connections, 421 4.3.2 to idle sessions, transactions in flight finish; what still runs
/// when the stop's token is cancelled is aborted.
/// </summary>
public sealed class SmtpServer : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    // What of a client's octets may wait to be read while the ones before are being stored.
    private const long ReadAhead = 128 * 1024;

    private readonly SmtpEdgeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly EdgeMetrics _metrics = new();
    private readonly TlsCertificates? _certificates;
    private readonly SessionServices _services;
    private readonly ConnectionGate _gate;
    private readonly ProxyArrivals _arrivals;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentDictionary<SmtpSession, Task> _sessions = new();
    private readonly List<SmtpListener> _listeners = [];
    private readonly List<SmtpEndPoint> _endPoints = [];
    private readonly List<Task> _accepting = [];
    private Task _watching = Task.CompletedTask;

    /// <param name="options">Where to listen and what to bear.</param>
    /// <param name="intakes">Where the messages go.</param>
    /// <param name="certificates">Certificate to show; absent: the one of the options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log.</param>
    public SmtpServer(SmtpEdgeOptions options, SmtpIntakes intakes, TlsCertificates? certificates, TimeProvider time, ILoggerFactory loggers)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        _options = options;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<SmtpServer>();
        _certificates = certificates ?? CertificatesOf(options);
        if (_certificates is not null)
        {
            _metrics.Observe(_certificates, time);
        }

        _services = new SessionServices(options, intakes, _certificates, _metrics, time, _logger);
        _gate = new ConnectionGate(options.MaxConnections, options.MaxConnectionsPerAddress);
        _arrivals = new ProxyArrivals(options, AdmitAsync, _metrics, time, _logger, _stopping.Token);
    }

    /// <summary>What is bound, in the order of <see cref="SmtpEdgeOptions.Listeners"/>.</summary>
    public IReadOnlyList<SmtpEndPoint> EndPoints => _endPoints;

    /// <summary>Sessions open now.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>Octets that messages which are being read take in memory now.</summary>
    public long BufferedOctets => _services.Budget.Taken;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { NoDelay = true, Backlog = 4096, UnsafePreferInlineScheduling = true, MaxReadBufferSize = ReadAhead }), _loggers);
        foreach (var listener in _options.Listeners)
        {
            CheckRole(listener.Role);
            var bound = await BindAsync(transport, EndPointOf(listener), cancellationToken).ConfigureAwait(false);
            _listeners.Add(new SmtpListener(bound, listener.Role, new ProxyNetworks(listener.ProxyNetworks)));
            _endPoints.Add(new SmtpEndPoint(listener.Role, (IPEndPoint)bound.EndPoint));
            ListeningLog.Listening(_logger, listener.Role, bound.EndPoint);
        }

        _accepting.AddRange(_listeners.Select(AcceptAsync));
        _watching = WatchDeadlinesAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _services.Stop();
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var listener in _listeners)
        {
            await listener.Socket.UnbindAsync(CancellationToken.None).ConfigureAwait(false);
        }

        await Task.WhenAll(_accepting).ConfigureAwait(false);
        await _arrivals.WhenEmptyAsync().ConfigureAwait(false);
        ListeningLog.Stopping(_logger, _sessions.Count);
        Interlocked.MemoryBarrier(); // a session that starts TLS either sees the stop, or is seen with its new input
        foreach (var session in _sessions.Keys)
        {
            session.NoticeStop();
        }

        await FinishSessionsAsync(cancellationToken).ConfigureAwait(false);
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        foreach (var listener in _listeners)
        {
            await listener.Socket.DisposeAsync().ConfigureAwait(false);
        }

        _listeners.Clear();
        _accepting.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_listeners.Count > 0)
        {
            await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }

        _services.Dispose();
        _stopping.Dispose();
        _stopped.Dispose();
        _metrics.Dispose();
    }

    private static async ValueTask<IConnectionListener> BindAsync(SocketTransportFactory transport, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.BindAsync(endPoint, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AddressInUseException or SocketException)
        {
            throw new StartException($"SMTP can't listen on {endPoint}: {exception.Message}", exception);
        }
    }

    private async Task FinishSessionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!_sessions.IsEmpty)
            {
                await Task.WhenAll(_sessions.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            ListeningLog.StopForced(_logger, _sessions.Count);
            _services.Abandon();
            foreach (var session in _sessions.Keys)
            {
                session.Abort();
            }

            await Task.WhenAll(_sessions.Values).ConfigureAwait(false);
        }
    }

    private async Task AcceptAsync(SmtpListener listener)
    {
        while (!_services.IsStopping)
        {
            try
            {
                if (await listener.Socket.AcceptAsync().ConfigureAwait(false) is not { } connection)
                {
                    return;
                }

                await ReceiveAsync(connection, listener).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // One connection's failure, or one of the moment: the listener must outlive it.
                ListeningLog.AcceptFailed(_logger, exception, listener.Socket.EndPoint);
                await Task.Delay(Heartbeat, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async ValueTask ReceiveAsync(ConnectionContext connection, SmtpListener listener)
    {
        if (!listener.Proxies.Contains(connection.RemoteEndPoint))
        {
            await AdmitAsync(connection, listener.Role).ConfigureAwait(false);
            return;
        }

        if (_arrivals.IsFull)
        {
            await TurnAwayAsync(connection, listener.Role, Replies.TooManyConnections).ConfigureAwait(false);
            return;
        }

        _arrivals.Take(connection, listener.Role);
    }

    private async ValueTask AdmitAsync(ConnectionContext connection, SmtpRole role)
    {
        if (_gate.Enter(connection.RemoteEndPoint) is { } refusal)
        {
            await TurnAwayAsync(connection, role, refusal).ConfigureAwait(false);
            return;
        }

        var session = new SmtpSession(_services, role, connection);
        var started = new TaskCompletionSource();
        _sessions[session] = ServeAsync(session, connection, started.Task);
        started.SetResult();
    }

    private async ValueTask TurnAwayAsync(ConnectionContext connection, SmtpRole role, SmtpReply refusal)
    {
        _metrics.TurnedAway(role, refusal == Replies.TooManyFromAddress ? "address" : "all");
        ListeningLog.ConnectionRefused(_logger, connection.RemoteEndPoint, refusal.ToString());
        if (role != SmtpRole.Submissions)
        {
            connection.Transport.Output.Write(refusal.Octets);
        }

        // The farewell is far below what the socket buffers, so that ending the pipes doesn't wait for the client.
        await connection.CloseAsync().ConfigureAwait(false);
    }

    private async Task ServeAsync(SmtpSession session, ConnectionContext connection, Task started)
    {
        await started.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the accept loop goes on, and the session is in the list before it can leave it
        try
        {
            await session.RunAsync().ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
            await connection.CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Leave(connection.RemoteEndPoint);
            _sessions.TryRemove(session, out _);
        }
    }

    private async Task WatchDeadlinesAsync()
    {
        using var timer = new PeriodicTimer(Heartbeat, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
            {
                _certificates?.Refresh();
                foreach (var (session, _) in _sessions) // enumerating Keys would copy them
                {
                    session.CheckDeadline();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server has stopped.
        }
    }

    private TlsCertificates? CertificatesOf(SmtpEdgeOptions options) => options.CertificatePath is { Length: > 0 } path
        ? TlsCertificates.FromFiles([FileOf(path, options.CertificateKeyPath), .. options.Certificates.Select(further => FileOf(further.Path, further.KeyPath))])
        : null;

    private CertificateFile FileOf(string path, string? keyPath) => new(path, keyPath, _time, _logger);

    private void CheckRole(SmtpRole role)
    {
        _services.IntakeFor(role);
        if (role is SmtpRole.Submission or SmtpRole.Submissions && _certificates is null)
        {
            throw new StartException($"A listener has the role {role}, which needs a certificate: set {SmtpEdgeOptions.SectionName}:{nameof(SmtpEdgeOptions.CertificatePath)}");
        }
    }

    private static IPEndPoint EndPointOf(SmtpListenerOptions listener)
    {
        var address = IPAddress.Parse(listener.Address);
        return new IPEndPoint(address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : address, listener.Port);
    }
}
