using System.IO.Pipelines;
using System.Net.Security;
using MailPace.SmtpEdge.Protocol;
using Microsoft.AspNetCore.Connections;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// The octets of a session in both directions, in clear and then under TLS, and the deadline that the client has for them.
/// One task uses it, except <see cref="CheckDeadline"/>, <see cref="Interrupt"/> and <see cref="Abort"/>.
/// </summary>
internal sealed class SessionChannel(ConnectionContext connection, SessionServices services) : IAsyncDisposable
{
    private static readonly ServerOptionsSelectionCallback Choose =
        static (_, hello, certificates, _) => ValueTask.FromResult(((TlsCertificates)certificates!).For(hello.ServerName));

    private readonly SessionDeadline _deadline = new(services.Time);
    private volatile SmtpInput _input = new(connection.Transport.Input);
    private ReplyWriter _output = new(connection.Transport.Output);
    private DuplexPipeStream? _transport;
    private SslStream? _tls;
    private volatile bool _abortAtDeadline;

    public SmtpInput Input => _input;

    public SessionDeadline Deadline => _deadline;

    /// <summary>So many replies wait that they should go out before more commands are read.</summary>
    public bool IsFull => _output.IsFull;

    /// <summary>The client has gone before it began the handshake, as health checks do.</summary>
    public bool IsProbe => _transport is { HasReceived: false } && !_deadline.HasPassed;

    public void Write(SmtpReply reply) => _output.Write(reply);

    /// <summary>Sends what was written.</summary>
    /// <returns>Whether the client can still be written to.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        var flush = _output.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            return flush.Result;
        }

        // A client that doesn't read can't be told so: its deadline aborts the connection.
        var reading = _deadline.Swap(services.Options.WriteTimeout);
        _abortAtDeadline = true;
        var open = await flush.ConfigureAwait(false);
        _abortAtDeadline = false;
        _deadline.Restore(reading);
        return open;
    }

    /// <summary>Starts TLS on the connection.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The client didn't shake hands.</exception>
    public async ValueTask<TlsFacts> SecureAsync()
    {
        _input.Leave();
        _abortAtDeadline = true;
        _deadline.Set(services.Options.HandshakeTimeout);
        _transport = new DuplexPipeStream(connection.Transport);
        var tls = new SslStream(_transport, leaveInnerStreamOpen: true);
        _tls = tls;
        await tls.AuthenticateAsServerAsync(Choose, services.Certificates, services.Abandoned).ConfigureAwait(false);

        IdleTlsBuffers.Release(tls);
        _output = new ReplyWriter(PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true)));
        _input = new SmtpInput(PipeReader.Create(tls, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true, useZeroByteReads: true)));
        _abortAtDeadline = false;
        _deadline.Set(services.Options.CommandTimeout);
        Interlocked.MemoryBarrier(); // a stop either sees the new input, or is seen before it is waited on
        return new TlsFacts(tls.SslProtocol, tls.NegotiatedCipherSuite, tls.TargetHostName is { Length: > 0 } name ? name : null);
    }

    /// <summary>Tells the client that nothing more comes; under TLS this is what shows it that nothing was cut off.</summary>
    public async ValueTask CloseAsync()
    {
        if (_tls is not { IsAuthenticated: true } tls)
        {
            return;
        }

        _abortAtDeadline = true;
        _deadline.Set(services.Options.WriteTimeout);
        await tls.ShutdownAsync().ConfigureAwait(false);
    }

    /// <summary>Called once a second: ends what has lasted too long.</summary>
    public void CheckDeadline()
    {
        if (!_deadline.HasPassed)
        {
            return;
        }

        if (_abortAtDeadline)
        {
            connection.Abort(new ConnectionAbortedException("The client took too long"));
            return;
        }

        Interrupt();
    }

    /// <summary>Ends the wait for octets, or the next one.</summary>
    public void Interrupt() => _input.Interrupt();

    public void Abort() => connection.Abort(new ConnectionAbortedException("The grace period is over"));

    public async ValueTask DisposeAsync()
    {
        _deadline.Clear();
        _input.Leave();
        if (_tls is not null)
        {
            await _input.CompleteAsync().ConfigureAwait(false);
            await _tls.DisposeAsync().ConfigureAwait(false);
        }
    }
}
