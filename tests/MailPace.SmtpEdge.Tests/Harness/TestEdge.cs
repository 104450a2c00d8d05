using System.Net;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>A real server on free loopback ports, one of each role.</summary>
internal sealed class TestEdge : IAsyncDisposable
{
    private TestEdge(Action<SmtpEdgeOptions>? configure, TimeProvider time, ILoggerFactory loggers)
    {
        var options = new SmtpEdgeOptions
        {
            HostName = "edge.example",
            Listeners =
            {
                new SmtpListenerOptions { Address = "127.0.0.1", Role = SmtpRole.Submission },
                new SmtpListenerOptions { Address = "127.0.0.1", Role = SmtpRole.Submissions },
                new SmtpListenerOptions { Address = "127.0.0.1", Role = SmtpRole.Inbound },
            },
        };
        configure?.Invoke(options);
        Server = new SmtpServer(options, new SmtpIntakes { Submission = Intake, Inbound = new InboundOnly(Intake) }, options.CertificatePath is null ? TestCertificate.Tls() : null, time, loggers);
    }

    public RecordingIntake Intake { get; } = new();

    public SmtpServer Server { get; }

    public IPEndPoint Submission => Server.EndPoints[0].Address;

    public IPEndPoint Submissions => Server.EndPoints[1].Address;

    public IPEndPoint Inbound => Server.EndPoints[2].Address;

    public static async Task<TestEdge> StartAsync(Action<SmtpEdgeOptions>? configure = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        var edge = new TestEdge(configure, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
        await edge.Server.StartAsync(TestContext.Current.CancellationToken);
        return edge;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
