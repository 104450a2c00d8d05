using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>
/// A session on pipes in memory that run inline: when a write returns, the session has done all that the octets make it
/// do, so a test cuts a byte stream exactly where it says.
/// </summary>
internal sealed class MemorySession : IAsyncDisposable
{
    private readonly Pipe _toServer = new(Inline);
    private readonly Pipe _toClient = new(Inline);
    private readonly EdgeMetrics _metrics = new();
    private readonly SessionServices _services;
    private readonly DefaultConnectionContext _connection;
    private readonly SmtpSession _session;
    private readonly Task _running;

    public MemorySession(SmtpRole role, SmtpEdgeOptions? options = null, bool secure = false, TlsCertificates? certificates = null, TimeProvider? time = null)
    {
        Options = options ?? new SmtpEdgeOptions { HostName = "edge.example", AuthenticationDelay = TimeSpan.Zero };
        _services = new SessionServices(Options, new SmtpIntakes { Submission = Intake, Inbound = new InboundOnly(Intake) }, certificates, _metrics, time ?? TimeProvider.System, NullLogger.Instance);
        _connection = new DefaultConnectionContext("test", new Ends(_toServer.Reader, _toClient.Writer), new Ends(_toClient.Reader, _toServer.Writer))
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 12345),
        };
        _session = new SmtpSession(_services, role, _connection);
        if (secure)
        {
            _session.Facts.Secure(new TlsFacts(SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256, null));
        }

        _running = RunAsync();
    }

    public SmtpEdgeOptions Options { get; }

    public RecordingIntake Intake { get; } = new();

    public bool HasEnded => _running.IsCompleted;

    public SessionServices Services => _services;

    public SmtpSession Session => _session;

    private static PipeOptions Inline => new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);

    public async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        if (!HasEnded)
        {
            await _toServer.Writer.WriteAsync(octets);
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>All replies since the last call.</summary>
    public string Replies()
    {
        if (!_toClient.Reader.TryRead(out var result))
        {
            return "";
        }

        var text = Encoding.Latin1.GetString(result.Buffer.ToArray());
        _toClient.Reader.AdvanceTo(result.Buffer.End);
        return text;
    }

    /// <summary>Sends a command and returns what the session answered.</summary>
    public async Task<string> AskAsync(string text)
    {
        Replies();
        await SendAsync(text + "\r\n");
        return Replies();
    }

    /// <summary>The client closes its side.</summary>
    public async Task EndAsync()
    {
        await _toServer.Writer.CompleteAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _connection.DisposeAsync();
        _services.Dispose();
        _metrics.Dispose();
    }

    private async Task RunAsync()
    {
        await _session.RunAsync();
        await _session.DisposeAsync();
        await _toClient.Writer.CompleteAsync();
        await _toServer.Reader.CompleteAsync();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
