using MailPace.Messaging.Publishing;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Protocol;
using NATS.Client.Core;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// The message of a transaction while it comes, by DATA or in chunks: the octets so far behind our trace fields, and the time by
/// which the rest must be there. One that is larger than intake wants to have in memory is handed on piece by piece; when that
/// fails, or its header is refused, the rest is read and dropped, and the reply says so at the end.
/// </summary>
internal sealed class IncomingMessage : IAsyncDisposable
{
    // With what one read brings, a piece fits into an array of 256 KiB.
    private const int Piece = 192 * 1024;

    private readonly SmtpSession _session;
    private readonly Envelope _envelope;
    private readonly string _transactionId;
    private readonly int _traced;
    private readonly ILargeMessageIntake? _largeIntake;
    private LargeMessage? _large;
    private SmtpReply? _verdict;
    private ChunkDecoder _chunks;

    private IncomingMessage(SmtpSession session, Envelope envelope, MessageBuffer buffer)
    {
        _session = session;
        _envelope = envelope;
        _transactionId = session.NextTransactionId();
        _largeIntake = session.Intake as ILargeMessageIntake;
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

    private bool IsFull => _largeIntake is not null && Buffer.HasHeader
        && Buffer.Content.Length > (_large is null ? Math.Min(_largeIntake.MaxInMemory, Piece) : Piece);

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

    /// <summary>Hands on what has come, once it is more than is held in memory.</summary>
    public async ValueTask RelieveAsync()
    {
        if (!IsFull)
        {
            return;
        }

        _session.StopClock();
        try
        {
            await HandOnAsync().ConfigureAwait(false);
            Buffer.Forget(Piece);
        }
        catch (Exception exception)
        {
            _verdict = Fail(exception);
        }

        if (_verdict is not null)
        {
            Buffer.Discard();
        }
    }

    /// <summary>Gives the complete message to intake.</summary>
    /// <returns>The reply to the message.</returns>
    public async ValueTask<SmtpReply> HandOverAsync()
    {
        var services = _session.Services;
        var started = services.Time.GetTimestamp();
        SmtpReply reply;
        try
        {
            reply = _verdict ?? await AcceptAsync(services.Abandoned).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            reply = Fail(exception);
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

    public ValueTask DisposeAsync()
    {
        Buffer.Dispose();
        return _large?.DisposeAsync() ?? default;
    }

    private SmtpReply Fail(Exception exception)
    {
        Buffer.Abandon(); // intake may still be reading it somewhere
        if (exception is NotDurableException or NatsException)
        {
            SessionLog.MessageNotStored(_session.Services.Logger, _transactionId, exception.Message);
            return Replies.NotStored;
        }

        SessionLog.IntakeFailed(_session.Services.Logger, exception, _transactionId);
        return Replies.NotStored;
    }

    private async ValueTask HandOnAsync()
    {
        if (_large is not null)
        {
            await _large.WriteAsync(Buffer.Content).ConfigureAwait(false);
            return;
        }

        var start = await _largeIntake!.BeginAsync(Describe(), _session.Services.Abandoned).ConfigureAwait(false);
        (_large, _verdict) = (start.Message, start.Refusal);
    }

    private async ValueTask<SmtpReply> AcceptAsync(CancellationToken cancellationToken)
    {
        if (_large is null)
        {
            return await _session.Intake.AcceptAsync(Describe(), cancellationToken).ConfigureAwait(false);
        }

        await _large.WriteAsync(Buffer.Content).ConfigureAwait(false);
        return await _large.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private ReceivedMessage Describe() => new()
    {
        Session = _session.Facts,
        Envelope = _envelope,
        TransactionId = _transactionId,
        Content = Buffer.Content,
        MessageOffset = _traced,
    };
}
