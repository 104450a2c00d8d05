using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Sandbox.Receiving;

/// <summary>The SMTP server of the sandbox: the edge's engine in the role of a receiving MX.</summary>
public sealed class SandboxMx : IHostedService, IAsyncDisposable
{
    private readonly SmtpServer server;

    internal SandboxMx(IOptions<SandboxOptions> options, SandboxIntake intake, TimeProvider time, ILoggerFactory loggers)
    {
        var sandbox = options.Value;
        var edge = new SmtpEdgeOptions
        {
            HostName = sandbox.HostName,
            CertificatePath = sandbox.CertificatePath,
            CertificateKeyPath = sandbox.CertificateKeyPath,
            Listeners = [new SmtpListenerOptions { Address = sandbox.Address, Port = sandbox.Port, Role = SmtpRole.Inbound }],
        };
        server = new SmtpServer(edge, new SmtpIntakes { Inbound = intake }, certificates: null, time, loggers);
    }

    /// <summary>Where it listens, once it's started.</summary>
    public SmtpEndPoint EndPoint => server.EndPoints[0];

    public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
