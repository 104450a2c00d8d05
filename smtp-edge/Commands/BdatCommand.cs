using System.Diagnostics.CodeAnalysis;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>
/// BDAT (RFC 3030 §2): so many octets, of which the last command makes a message that goes where DATA's goes.
/// The octets of a chunk are never commands, so they are read whatever becomes of it; where their number can't be known, the
/// session ends. A chunk that fails ends the transaction: what the client has pipelined behind it can't become a message without it.
/// </summary>
internal sealed class BdatCommand : ISmtpCommand
{
    // Small chunks count like commands, so that a message can't be handed in as endless single octets.
    private const int SmallChunk = 1024;

    public async ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments)
    {
        if (!BdatArgument.TryParse(arguments.Span, out var argument))
        {
            return CommandOutcome.Close(Replies.BdatSyntax);
        }

        if (!TryBegin(session, argument, out var message, out var fault))
        {
            session.Message?.Buffer.Dispose();
            return await SkipAsync(session, argument.Size, CommandOutcome.Over(session.Services.ReplyTo(fault))).ConfigureAwait(false);
        }

        if (!await ReadChunkAsync(session, message, argument.Size).ConfigureAwait(false))
        {
            return CommandOutcome.Close(null);
        }

        session.StopClock();
        if (argument.IsLast)
        {
            message.Chunks.End(message.Buffer);
        }

        if (message.Chunks.Fault != DataFault.None)
        {
            message.LogFault(message.Chunks.Fault);
            return CommandOutcome.Over(session.Services.ReplyTo(message.Chunks.Fault));
        }

        if (argument.IsLast)
        {
            return CommandOutcome.Over(await message.HandOverAsync().ConfigureAwait(false));
        }

        if (argument.Size >= SmallChunk)
        {
            session.UncountCommand();
        }

        return CommandOutcome.Done(Replies.ChunkOk);
    }

    /// <summary>Takes in and drops the chunk of a BDAT that isn't allowed here.</summary>
    /// <param name="session">The client.</param>
    /// <param name="arguments">What follows the verb.</param>
    /// <param name="refusal">Why the command isn't allowed.</param>
    public static ValueTask<CommandOutcome> RefuseAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, SmtpReply refusal) =>
        BdatArgument.TryParse(arguments.Span, out var argument)
            ? SkipAsync(session, argument.Size, CommandOutcome.Refused(refusal))
            : new(CommandOutcome.Close(Replies.BdatSyntax));

    private static bool TryBegin(SmtpSession session, BdatArgument argument, [NotNullWhen(true)] out IncomingMessage? message, out DataFault fault)
    {
        message = session.Message;
        fault = DataFault.TooLarge;
        if (argument.Size > session.Options.MaxMessageSize - (message?.Buffer.Received ?? 0))
        {
            return false;
        }

        fault = DataFault.NoRoom;
        message = session.Message ??= IncomingMessage.Begin(session, argument.Size);
        return message is not null;
    }

    /// <returns>False when the session ended before the chunk did.</returns>
    private static async ValueTask<bool> ReadChunkAsync(SmtpSession session, IncomingMessage message, long size)
    {
        while (true)
        {
            var chunk = session.Input.UpTo(size);
            message.Chunks.Take(chunk, message.Buffer);
            size -= Consume(session, chunk);
            await message.RelieveAsync().ConfigureAwait(false);
            if (size == 0)
            {
                return true;
            }

            if (session.Input.Unread.IsEmpty && !await session.WaitForDataAsync(message.Deadline).ConfigureAwait(false))
            {
                return false;
            }
        }
    }

    private static async ValueTask<CommandOutcome> SkipAsync(SmtpSession session, long size, CommandOutcome outcome)
    {
        var deadline = session.Message?.Deadline ?? session.MessageDeadline();
        while (true)
        {
            var unread = session.Input.Unread;
            size -= Consume(session, unread.Slice(0, Math.Min(size, unread.Length)));
            if (size == 0)
            {
                return outcome;
            }

            if (!await session.WaitForDataAsync(deadline).ConfigureAwait(false))
            {
                return CommandOutcome.Close(null);
            }
        }
    }

    private static long Consume(SmtpSession session, in System.Buffers.ReadOnlySequence<byte> octets)
    {
        var count = octets.Length;
        session.Services.Metrics.Received(session.Facts.Role, count);
        session.Input.Consume(octets.End);
        return count;
    }
}
