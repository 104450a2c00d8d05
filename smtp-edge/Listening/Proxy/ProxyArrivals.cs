using System.Collections.Concurrent;
using System.IO.Pipelines;
using MailPace.SmtpEdge.Session;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace MailPace.SmtpEdge.Listening.Proxy;

/// <summary>
/// Connections from proxies, until their header has come. It names the client, which is from then on the connection's
/// remote end: for limits, logs and trace fields. Without a header the connection ends without a word, since a greeting would
/// reach whoever the proxy speaks for. One that ends before its first octet is a health check, and nothing to tell of.
/// </summary>
/// <param name="options">How many may wait, and how long.</param>
/// <param name="admit">Takes a connection whose client is known.</param>
/// <param name="metrics">Counts faults.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where faults are logged.</param>
/// <param name="stopping">Ends those whose header hasn't come.</param>
internal sealed class ProxyArrivals(SmtpEdgeOptions options, Func<ConnectionContext, SmtpRole, ValueTask> admit, EdgeMetrics metrics, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<ConnectionContext, Task> _waiting = new();

    public bool IsFull => _waiting.Count >= options.MaxConnections;

    public void Take(ConnectionContext connection, SmtpRole role)
    {
        var started = new TaskCompletionSource();
        _waiting[connection] = ReceiveAsync(connection, role, started.Task);
        started.SetResult();
    }

    /// <summary>Completes when each is admitted or has ended; there should be no new ones.</summary>
    public Task WhenEmptyAsync() => Task.WhenAll(_waiting.Values);

    private async Task ReceiveAsync(ConnectionContext connection, SmtpRole role, Task started)
    {
        await started.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the accept loop goes on
        try
        {
            if (await ReadHeaderAsync(connection, role).ConfigureAwait(false))
            {
                await admit(connection, role).ConfigureAwait(false);
                return;
            }

            await connection.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ListeningLog.ProxyConnectionFailed(logger, exception, connection.RemoteEndPoint);
            connection.Abort();
        }
        finally
        {
            _waiting.TryRemove(connection, out _);
        }
    }

    private async ValueTask<bool> ReadHeaderAsync(ConnectionContext connection, SmtpRole role)
    {
        using var deadline = new CancellationTokenSource(options.ProxyHeaderTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        try
        {
            return await ReadHeaderAsync(connection, role, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return Refuse(connection, role, ProxyFault.Slow);
        }
        catch (IOException)
        {
            return false; // reset, as some health checks end
        }
    }

    private async ValueTask<bool> ReadHeaderAsync(ConnectionContext connection, SmtpRole role, CancellationToken cancellationToken)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var header = ProxyHeader.Parse(result.Buffer);
            switch (header.Status)
            {
                case ProxyHeaderStatus.Complete:
                    input.AdvanceTo(result.Buffer.GetPosition(header.Length));
                    connection.RemoteEndPoint = header.Client ?? connection.RemoteEndPoint;
                    return true;
                case ProxyHeaderStatus.Malformed:
                    return Refuse(connection, role, ProxyFault.Malformed, result);
                case ProxyHeaderStatus.TooLong:
                    return Refuse(connection, role, ProxyFault.TooLong, result);
                case ProxyHeaderStatus.Incomplete when !result.IsCompleted:
                    input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                    break;
                case ProxyHeaderStatus.Incomplete when result.Buffer.IsEmpty:
                    input.AdvanceTo(result.Buffer.End);
                    return false;
                case ProxyHeaderStatus.Incomplete:
                    return Refuse(connection, role, ProxyFault.CutOff, result);
            }
        }
    }

    private bool Refuse(ConnectionContext connection, SmtpRole role, ProxyFault fault, ReadResult read)
    {
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        return Refuse(connection, role, fault);
    }

    private bool Refuse(ConnectionContext connection, SmtpRole role, ProxyFault fault)
    {
        metrics.ProxyRefused(role, fault);
        ListeningLog.ProxyHeaderRefused(logger, connection.RemoteEndPoint, fault);
        return false;
    }
}
