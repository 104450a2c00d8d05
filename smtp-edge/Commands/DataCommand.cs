using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>
/// DATA (RFC 5321 §4.1.1.4): reads the message, hands it to intake, and answers once. The transaction is over after that,
/// whatever the answer is.
/// </summary>
internal sealed class DataCommand : ISmtpCommand
{
    public async ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments)
    {
        if (!arguments.IsEmpty)
        {
            return CommandOutcome.Refused(Replies.NoArguments);
        }

        var envelope = session.Envelope!;
        using var buffer = new MessageBuffer(session.Options.MaxMessageSize, envelope.DeclaredSize ?? 0, session.Services.Budget);
        if (!buffer.HasRoom)
        {
            return CommandOutcome.Refused(Replies.NoRoom);
        }

        var transactionId = session.NextTransactionId();
        session.Intake.WriteTraceFields(session.Facts, envelope, transactionId, buffer);
        session.Say(Replies.StartMailInput);
        var traced = buffer.Content.Length;
        if (await ReadMessageAsync(session, buffer).ConfigureAwait(false) is not { } fault)
        {
            return CommandOutcome.Close(null);
        }

        session.StopClock();
        if (fault != DataFault.None)
        {
            SessionLog.MessageFaulty(session.Services.Logger, transactionId, session.Facts.RemoteEndPoint, fault);
            return Refuse(session, fault);
        }

        var reply = await HandOverAsync(session, envelope, transactionId, buffer, traced).ConfigureAwait(false);
        return CommandOutcome.Done(reply);
    }

    /// <returns>The first fault, or none; absent when the session ended before the message did.</returns>
    private static async ValueTask<DataFault?> ReadMessageAsync(SmtpSession session, MessageBuffer buffer)
    {
        var decoder = new DataDecoder();
        var deadline = session.MessageDeadline();
        while (true)
        {
            var unread = session.Input.Unread;
            var ended = decoder.Decode(unread, buffer, out var consumed);
            session.Services.Metrics.Received(session.Facts.Role, unread.Slice(0, consumed).Length);
            session.Input.Consume(consumed);
            if (ended)
            {
                return decoder.Fault;
            }

            if (!await session.WaitForDataAsync(deadline).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    private static async ValueTask<SmtpReply> HandOverAsync(SmtpSession session, Envelope envelope, string transactionId, MessageBuffer buffer, int traced)
    {
        var services = session.Services;
        var started = services.Time.GetTimestamp();
        SmtpReply reply;
        try
        {
            var message = new ReceivedMessage
            {
                Session = session.Facts,
                Envelope = envelope,
                TransactionId = transactionId,
                Content = buffer.Content,
                MessageOffset = traced,
            };
            reply = await session.Intake.AcceptAsync(message, services.Abandoned).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            buffer.Abandon(); // intake may still be reading it somewhere
            SessionLog.IntakeFailed(services.Logger, exception, transactionId);
            reply = Replies.NotStored;
        }

        services.Metrics.Accepted(session.Facts.Role, reply.Code, services.Time.GetElapsedTime(started));
        if (reply.IsPositive)
        {
            session.CountMessage();
            SessionLog.MessageAccepted(services.Logger, transactionId, buffer.Received, envelope.Recipients.Count);
            return reply;
        }

        SessionLog.MessageRefused(services.Logger, transactionId, reply.Code);
        return reply;
    }

    /// <summary>
    /// A client that sends bare CR or LF may be a relay that sees the end of the message elsewhere than we do: what it
    /// sends next can be the sender's words instead of its own, so the session ends with the refusal.
    /// </summary>
    private static CommandOutcome Refuse(SmtpSession session, DataFault fault) => fault switch
    {
        DataFault.BareLineEnd => CommandOutcome.Close(Replies.BareLineEnd),
        DataFault.Nul => CommandOutcome.Close(Replies.NulInMessage),
        DataFault.TooLarge => CommandOutcome.Done(session.Services.TooLarge),
        DataFault.NoRoom or DataFault.None => CommandOutcome.Done(Replies.NoRoom),
    };
}
