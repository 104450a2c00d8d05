using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MailPace.Contracts;
using MailPace.Smtp.Protocol;
using MailPace.Smtp.Security;

namespace MailPace.Smtp.Connections;

/// <summary>
/// A connection to a host, greeted and ready for transactions. For one user at a time.
/// Each step has its own time limit; whatever ends the conversation is a <see cref="ConversationEndedException"/>.
/// </summary>
internal sealed class SmtpConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly SmtpTimeouts _timeouts;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _limit;
    private readonly ReplyParser _parser = new();
    private Stream _stream;
    private PipeReader _reader;
    private bool _isDisposed;

    private SmtpConnection(Destination destination, Socket socket, SmtpTimeouts timeouts, TimeProvider time)
    {
        Destination = destination;
        _socket = socket;
        _timeouts = timeouts;
        _time = time;
        _limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = NewReader(_stream);
        Writer = NewWriter(_stream);
    }

    public Destination Destination { get; }

    public RemoteExtensions Extensions { get; private set; } = new();

    public TlsFacts? Tls { get; private set; }

    /// <summary>What it counts for; absent where nobody counts.</summary>
    public ConnectionQuota? Quota { get; set; }

    /// <summary>TLS failed over an earlier connection, which is why this one is in clear.</summary>
    public string? TlsFailure { get; set; }

    /// <summary>Its TLS session was counted.</summary>
    public bool IsReported { get; set; }

    public EndPoint? LocalEndPoint => _socket.LocalEndPoint;

    /// <summary>Transactions begun over it.</summary>
    public int Transactions { get; set; }

    /// <summary>The last transaction ended before its end of data: RSET goes before the next MAIL.</summary>
    public bool NeedsReset { get; set; }

    /// <summary>The remote said 421, or took all it takes: not to be used again.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Timestamp since when it's idle.</summary>
    public long IdleSince { get; set; }

    /// <summary>Timestamp when the current attempt ends, whatever its steps may still take.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    public PipeWriter Writer { get; private set; }

    /// <summary>Nothing was heard on the idle connection: data would be a 421, an end the remote's farewell.</summary>
    public bool IsQuiet => !_socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects, greets, and starts TLS as demanded.</summary>
    /// <exception cref="ConversationEndedException">It can't be talked to.</exception>
    /// <exception cref="TlsFailedException">STARTTLS was agreed on and failed, and nobody demands it.</exception>
    public static async Task<SmtpConnection> OpenAsync(
        Destination destination, TlsLevel level, CertificateCheck certificates, string heloName, SmtpTimeouts timeouts, long deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(destination.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SmtpConnection connection;
        using (var limit = new CancellationTokenSource(StepLimit(timeouts.Connect, deadline, time), time))
        using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), limit))
        {
            try
            {
                await socket.ConnectAsync(destination.EndPoint, limit.Token);
                connection = new SmtpConnection(destination, socket, timeouts, time) { Deadline = deadline };
            }
            catch (Exception failure)
            {
                socket.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                throw failure switch
                {
                    SocketException refused => new ConversationEndedException(SmtpStep.Connect, new RemoteReply(0, "4.4.1", $"connect to {destination}: {refused.SocketErrorCode}"), refused),
                    OperationCanceledException => new ConversationEndedException(SmtpStep.Connect, new RemoteReply(0, "4.4.1", $"connect to {destination}: timed out"), failure),
                    _ => failure,
                };
            }
        }

        try
        {
            await connection.GreetAsync(heloName, destination.Tls with { Level = level }, certificates, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Lets <paramref name="cancellationToken"/> end whatever the connection waits for, until the result is disposed.</summary>
    public CancellationTokenRegistration Observe(CancellationToken cancellationToken)
        => cancellationToken.UnsafeRegister(static state => ((SmtpConnection)state!)._limit.Cancel(), this);

    /// <summary>Sends what was written.</summary>
    public async ValueTask FlushAsync(SmtpStep step)
    {
        Arm(step);
        try
        {
            await Writer.FlushAsync(_limit.Token);
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            throw Ended(step, failure);
        }
    }

    public async ValueTask<RemoteReply> ReadReplyAsync(SmtpStep step)
    {
        Arm(step);
        try
        {
            while (true)
            {
                var result = await _reader.ReadAsync(_limit.Token);
                var buffer = result.Buffer;
                var isWhole = _parser.TryRead(ref buffer, out var reply);
                _reader.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
                if (isWhole)
                {
                    IsClosing |= reply!.Code == 421;
                    return reply!;
                }

                if (result.IsCompleted)
                {
                    throw new ConversationEndedException(step, new RemoteReply(0, "4.4.2", $"connection closed by the remote {StepWords.At(step)}"));
                }
            }
        }
        catch (ReplyFormatException failure)
        {
            throw new ConversationEndedException(step, new RemoteReply(0, "4.5.0", $"{failure.Message} {StepWords.At(step)}"), failure);
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            throw Ended(step, failure);
        }
    }

    /// <summary>Stops all clocks while the connection waits in the pool.</summary>
    public bool TryRest()
    {
        Deadline = long.MaxValue;
        return _limit.TryReset();
    }

    /// <summary>Says QUIT as far as that needs no waiting, and closes.</summary>
    public void Leave()
    {
        if (!_isDisposed && !IsClosing && Tls is null && !_socket.Poll(0, SelectMode.SelectRead) && _socket.Poll(0, SelectMode.SelectWrite))
        {
            _socket.Send("QUIT\r\n"u8, SocketFlags.None, out _);
        }

        Dispose();
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _stream.Dispose();
        _limit.Dispose();
    }

    private static PipeReader NewReader(Stream stream) => PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true));

    private static PipeWriter NewWriter(Stream stream) => PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 16 * 1024, leaveOpen: true));

    private static TimeSpan StepLimit(TimeSpan step, long deadline, TimeProvider time)
    {
        if (deadline == long.MaxValue)
        {
            return step;
        }

        var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
        return left < step ? TimeSpan.FromTicks(Math.Max(left.Ticks, TimeSpan.TicksPerMillisecond)) : step;
    }

    private static bool IsBroken(Exception failure)
        => failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException or InvalidOperationException;

    private async Task GreetAsync(string heloName, TlsDemand demand, CertificateCheck certificates, CancellationToken cancellationToken)
    {
        await using var observed = Observe(cancellationToken);
        try
        {
            var greeting = await ReadReplyAsync(SmtpStep.Greeting);
            if (greeting.Code / 100 != 2)
            {
                throw new ConversationEndedException(SmtpStep.Greeting, greeting);
            }

            await HelloAsync(heloName);
            if (demand.Level == TlsLevel.Clear)
            {
                return;
            }

            if (Extensions.StartTls)
            {
                await StartTlsAsync(heloName, demand, certificates, cancellationToken);
            }
            else if (demand.Level > TlsLevel.Opportunistic)
            {
                throw Unprotected(TlsFault.StartTlsNotSupported, "STARTTLS isn't offered");
            }
        }
        catch (ConversationEndedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>EHLO, and HELO where that isn't known (RFC 5321 §3.2).</summary>
    private async Task HelloAsync(string heloName)
    {
        var extensions = new RemoteExtensions();
        var isFirst = true;
        _parser.LineRead = line =>
        {
            if (!isFirst)
            {
                extensions.Read(line);
            }

            isFirst = false;
        };
        var reply = await CommandAsync($"EHLO {heloName}\r\n", SmtpStep.Hello);
        _parser.LineRead = null;
        Extensions = reply.Code / 100 == 2 ? extensions : new RemoteExtensions();
        if (reply.Code / 100 == 5)
        {
            reply = await CommandAsync($"HELO {heloName}\r\n", SmtpStep.Hello);
        }

        if (reply.Code / 100 != 2)
        {
            throw new ConversationEndedException(SmtpStep.Hello, reply);
        }
    }

    private async Task StartTlsAsync(string heloName, TlsDemand demand, CertificateCheck certificates, CancellationToken cancellationToken)
    {
        var reply = await CommandAsync("STARTTLS\r\n", SmtpStep.StartTls);
        if (reply.Code == 421)
        {
            throw new ConversationEndedException(SmtpStep.StartTls, reply);
        }

        if (reply.Code != 220)
        {
            if (demand.Level > TlsLevel.Opportunistic)
            {
                throw Unprotected(TlsFault.StartTlsNotSupported, $"STARTTLS is refused: {reply.Code} {reply.Text}");
            }

            return;
        }

        try
        {
            await HandshakeAsync(demand, certificates);
            await HelloAsync(heloName);
        }
        catch (ConversationEndedException failure) when (demand.Level == TlsLevel.Opportunistic && !cancellationToken.IsCancellationRequested)
        {
            throw new TlsFailedException(failure.Message, failure);
        }
    }

    private ConversationEndedException Unprotected(TlsFault fault, string text, Exception? inner = null)
        => new(SmtpStep.StartTls, new RemoteReply(0, fault == TlsFault.StartTlsNotSupported ? "4.7.10" : "4.7.5", $"{Destination.Host}: {text}"), inner) { Tls = fault };

    private async Task HandshakeAsync(TlsDemand demand, CertificateCheck certificates)
    {
        // What was read along with the reply came in clear and isn't the server's word: it goes with its reader (CVE-2011-0411).
        await _reader.CompleteAsync();
        await Writer.CompleteAsync();
        TlsFault? fault = null;
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        Arm(SmtpStep.TlsHandshake);
        try
        {
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = demand.Name,
                    CertificateChainPolicy = CertificateCheck.NewPolicy(),
#pragma warning disable CA5359 // Opportunistic TLS takes any certificate: the alternative is clear text (RFC 7435). What it was is recorded.
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                    {
                        fault = FaultOf(demand, certificates, certificate as X509Certificate2, chain);
                        return fault is null || demand.Level < TlsLevel.Verified;
                    },
#pragma warning restore CA5359
                },
                _limit.Token);
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            throw demand.Level == TlsLevel.Opportunistic
                ? Ended(SmtpStep.TlsHandshake, failure)
                : Unprotected(fault ?? TlsFault.ValidationFailure, fault is { } wrong ? TlsFaultWords.Of(wrong) : Ended(SmtpStep.TlsHandshake, failure).Reply.Text, failure);
        }

        Tls = TlsFacts.Of(secured, fault);
        _reader = NewReader(secured);
        Writer = NewWriter(secured);
    }

    private static TlsFault? FaultOf(TlsDemand demand, CertificateCheck certificates, X509Certificate2? leaf, X509Chain? chain)
    {
        if (leaf is null || chain is null)
        {
            return TlsFault.CertificateNotTrusted;
        }

        return demand.Level == TlsLevel.Dane
            ? DaneCheck.FaultOf(demand, leaf, chain.ChainPolicy.ExtraStore)
            : certificates.FaultOf(leaf, chain, demand.Name);
    }

    private async ValueTask<RemoteReply> CommandAsync(string command, SmtpStep step)
    {
        CommandText.Write(command, Writer);
        await FlushAsync(step);
        return await ReadReplyAsync(step);
    }

    private void Arm(SmtpStep step)
    {
        var limit = step switch
        {
            SmtpStep.Resolve or SmtpStep.Connect => _timeouts.Connect,
            SmtpStep.Greeting => _timeouts.Greeting,
            SmtpStep.Hello or SmtpStep.StartTls or SmtpStep.Reset => _timeouts.Hello,
            SmtpStep.TlsHandshake => _timeouts.Tls,
            SmtpStep.Mail => _timeouts.Mail,
            SmtpStep.Recipient => _timeouts.Recipient,
            SmtpStep.Data => _timeouts.Data,
            SmtpStep.Content => _timeouts.DataBlock,
            SmtpStep.EndOfData => _timeouts.EndOfData,
        };
        try
        {
            _limit.CancelAfter(StepLimit(limit, Deadline, _time));
        }
        catch (ObjectDisposedException)
        {
            // Disposed by the pool's end: the read or write that follows says so.
        }
    }

    private ConversationEndedException Ended(SmtpStep step, Exception failure) => new(
        step,
        _limit.IsCancellationRequested
            ? new RemoteReply(0, "4.4.2", $"timed out {StepWords.At(step)}")
            : new RemoteReply(0, "4.4.2", $"connection lost {StepWords.At(step)}"),
        failure);
}
