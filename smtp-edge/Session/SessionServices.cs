using MailPace.Mail.Submission;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Protocol;
using Microsoft.Extensions.Logging;

namespace MailPace.SmtpEdge.Session;

/// <summary>What all sessions of a server share.</summary>
internal sealed class SessionServices(SmtpEdgeOptions options, SmtpIntakes intakes, TlsCertificates? certificates, EdgeMetrics metrics, TimeProvider time, ILogger logger)
    : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly CancellationTokenSource _abandoned = new();

    public SmtpEdgeOptions Options => options;

    public TlsCertificates? Certificates => certificates;

    public EdgeMetrics Metrics => metrics;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Failed AUTH commands of all sessions.</summary>
    public AuthenticationGuard Authentications { get; } = new(options, time);

    public BufferBudget Budget { get; } = new(options.MaxBufferedSize);

    public SmtpReply Banner { get; } = new(220, null, $"{options.HostName} ESMTP MailPace");

    /// <summary>The API's words for a message over the limit.</summary>
    public SmtpReply TooLarge { get; } = new(RefusalReplies.For(Refusal.TooLarge(options.MaxMessageSize)));

    /// <summary>Why a message is refused, for the client.</summary>
    public SmtpReply ReplyTo(DataFault fault) => fault switch
    {
        DataFault.BareLineEnd => Replies.BareLineEnd,
        DataFault.Nul => Replies.NulInMessage,
        DataFault.TooLarge => TooLarge,
        DataFault.HeaderTooLarge => Replies.HeaderTooLarge,
        DataFault.LineTooLong => Replies.MessageLineTooLong,
        DataFault.NoRoom or DataFault.None => Replies.NoRoom,
    };

    /// <summary>The server stops: no new transaction starts, idle sessions end.</summary>
    public bool IsStopping => _stopped.IsCancellationRequested;

    /// <summary>Cancelled when <see cref="IsStopping"/>.</summary>
    public CancellationToken Stopping => _stopped.Token;

    /// <summary>The grace period is over.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public IMessageIntake IntakeFor(SmtpRole role) =>
        intakes.For(role) ?? throw new InvalidOperationException($"A listener has the role {role}, but there is no intake for it");

    public void Stop() => _stopped.Cancel();

    public void Abandon() => _abandoned.Cancel();

    public void Dispose()
    {
        _stopped.Dispose();
        _abandoned.Dispose();
    }
}
