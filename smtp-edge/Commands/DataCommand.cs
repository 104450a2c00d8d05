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

        await using var message = IncomingMessage.Begin(session, sizeHint: 0);
        if (message is null)
        {
            return CommandOutcome.Refused(Replies.NoRoom);
        }

        session.Say(Replies.StartMailInput);
        if (await ReadMessageAsync(session, message).ConfigureAwait(false) is not { } fault)
        {
            return CommandOutcome.Close(null);
        }

        session.StopClock();
        if (fault != DataFault.None)
        {
            message.LogFault(fault);
            return Refuse(session, fault);
        }

        return CommandOutcome.Done(await message.HandOverAsync().ConfigureAwait(false));
    }

    /// <returns>The first fault, or none; absent when the session ended before the message did.</returns>
    private static async ValueTask<DataFault?> ReadMessageAsync(SmtpSession session, IncomingMessage message)
    {
        var decoder = new DataDecoder();
        while (true)
        {
            var unread = session.Input.UpTo(long.MaxValue);
            var ended = decoder.Decode(unread, message.Buffer, out var consumed);
            session.Services.Metrics.Received(session.Facts.Role, unread.Slice(0, consumed).Length);
            session.Input.Consume(consumed);
            if (ended)
            {
                return decoder.Fault;
            }

            await message.RelieveAsync().ConfigureAwait(false);
            if (session.Input.Unread.IsEmpty && !await session.WaitForDataAsync(message.Deadline).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    /// <summary>
    /// A client that sends bare CR or LF may be a relay that sees the end of the message elsewhere than we do: what it
    /// sends next can be the sender's words instead of its own, so the session ends with the refusal.
    /// </summary>
    private static CommandOutcome Refuse(SmtpSession session, DataFault fault)
    {
        var reply = session.Services.ReplyTo(fault);
        return fault is DataFault.BareLineEnd or DataFault.Nul ? CommandOutcome.Close(reply) : CommandOutcome.Done(reply);
    }
}
