using MailPace.Messaging.Intake;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Intake.Inbound;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.SmtpEdge;

/// <summary>The platform's own SMTP server: what the section <c>SmtpEdge</c> describes.</summary>
public sealed class SmtpEdgeService : IHostedService, IAsyncDisposable
{
    public SmtpEdgeService(IOptions<SmtpEdgeOptions> options, EmailIntake intake, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    {
        // Only who takes strangers' mail needs the key of the return-paths.
        var takesInbound = options.Value.Listeners.Any(static listener => listener.Role == SmtpRole.Inbound);
        var intakes = new SmtpIntakes
        {
            Submission = new SubmissionIntake(intake, options.Value, time),
            Inbound = takesInbound ? services.GetRequiredService<InboundIntake>() : null,
        };
        Server = new SmtpServer(options.Value, intakes, certificates: null, time, loggers);
    }

    public SmtpServer Server { get; }

    public Task StartAsync(CancellationToken cancellationToken) => Server.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
