using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// The message of a transaction while it comes, by DATA or in chunks: the octets so far behind our trace fields, and the time by
/// which the rest must be there.
/// </summary>
internal sealed class IncomingMessage : IDisposable
{
    private readonly SmtpSession _session;
    private readonly Envelope _envelope;
    private readonly string _transactionId;
    private readonly int _traced;
    private ChunkDecoder _chunks;

    private IncomingMessage(SmtpSession session, Envelope envelope, MessageBuffer buffer)
    {
        _session = session;
        _envelope = envelope;
        _transactionId = session.NextTransactionId();
        session.Intake.WriteTraceFields(session.Facts, envelope, _transactionId, buffer);
        _traced = buffer.Content.Length;
        Buffer = buffer;
        Deadline = session.MessageDeadline();
    }

    public MessageBuffer Buffer { get; }

    /// <summary>Takes what comes by BDAT; the chunks of a message are one run of octets.</summary>
    public ref ChunkDecoder Chunks => ref _chunks;

    /// <summary>The time by which the message must be complete.</summary>
    public long Deadline { get; }

    /// <param name="session">The client, in a transaction with recipients.</param>
    /// <param name="sizeHint">Octets that are known to come; 0 when nothing is known.</param>
    /// <returns>Absent when all messages that are being read take as much memory as they may.</returns>
    public static IncomingMessage? Begin(SmtpSession session, long sizeHint)
    {
        var envelope = session.Envelope!;
        var lines = new MessageLines(session.Options.MaxHeaderSize, session.Options.MaxMessageLine);
        var buffer = new MessageBuffer(session.Options.MaxMessageSize, lines, Math.Max(sizeHint, envelope.DeclaredSize ?? 0), session.Services.Budget);
        return buffer.HasRoom ? new IncomingMessage(session, envelope, buffer) : null;
    }

    public void LogFault(DataFault fault) => SessionLog.MessageFaulty(_session.Services.Logger, _transactionId, _session.Facts.RemoteEndPoint, fault);

    /// <summary>Gives the complete message to intake.</summary>
    /// <returns>The reply to the message.</returns>
    public async ValueTask<SmtpReply> HandOverAsync()
    {
        var services = _session.Services;
        var started = services.Time.GetTimestamp();
        SmtpReply reply;
        try
        {
            var message = new ReceivedMessage
            {
                Session = _session.Facts,
                Envelope = _envelope,
                TransactionId = _transactionId,
                Content = Buffer.Content,
                MessageOffset = _traced,
            };
            reply = await _session.Intake.AcceptAsync(message, services.Abandoned).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Buffer.Abandon(); // intake may still be reading it somewhere
            SessionLog.IntakeFailed(services.Logger, exception, _transactionId);
            reply = Replies.NotStored;
        }

        services.Metrics.Accepted(_session.Facts.Role, reply.Code, services.Time.GetElapsedTime(started));
        if (reply.IsPositive)
        {
            _session.CountMessage();
            SessionLog.MessageAccepted(services.Logger, _transactionId, Buffer.Received, _envelope.Recipients.Count);
            return reply;
        }

        SessionLog.MessageRefused(services.Logger, _transactionId, reply.Code);
        return reply;
    }

    public void Dispose() => Buffer.Dispose();
}
