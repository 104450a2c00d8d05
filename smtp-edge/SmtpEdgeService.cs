using MailPace.Messaging.Intake;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.SmtpEdge;

/// <summary>The platform's own SMTP server: what the section <c>SmtpEdge</c> describes.</summary>
public sealed class SmtpEdgeService : IHostedService, IAsyncDisposable
{
    public SmtpEdgeService(IOptions<SmtpEdgeOptions> options, EmailIntake intake, TimeProvider time, ILoggerFactory loggers)
    {
        var intakes = new SmtpIntakes { Submission = new SubmissionIntake(intake, options.Value, time) };
        Server = new SmtpServer(options.Value, intakes, certificates: null, time, loggers);
    }

    public SmtpServer Server { get; }

    public Task StartAsync(CancellationToken cancellationToken) => Server.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
