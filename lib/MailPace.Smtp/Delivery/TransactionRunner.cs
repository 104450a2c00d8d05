using System.Buffers;
using MailPace.Contracts;
using MailPace.Smtp.Connections;
using MailPace.Smtp.Protocol;

namespace MailPace.Smtp.Delivery;

/// <summary>
/// Runs one transaction over one connection. With PIPELINING (RFC 2920) RSET where it's due, MAIL, each RCPT and DATA leave in one write; else
/// step by step. Every recipient gets the reply that decided on it. The message leaves only for those that were taken.
/// </summary>
internal sealed class TransactionRunner(SmtpConnection connection, SmtpTransaction transaction)
{
    private const int BlockSize = 64 * 1024;

    private readonly DeliveryRequest _request = transaction.Request;
    private bool _needsUtf8;
    private int _taken;

    /// <exception cref="ConversationEndedException">The connection is of no more use; the transaction knows what was decided before.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _needsUtf8 = _request.SmtpUtf8 || NeedsUtf8(_request.ReversePath) || transaction.Recipients.Any(recipient => NeedsUtf8(recipient.Address));
        if (LocalRefusal() is { } refusal)
        {
            transaction.IsBegun = true;
            transaction.DecideRest(SmtpStep.Resolve, refusal);
            return;
        }

        connection.Transactions++;
        var isOpen = connection.Extensions.Pipelining ? await PipelineAsync() : await StepAsync();
        if (!isOpen)
        {
            connection.NeedsReset = true;
            return;
        }

        await SendContentAsync(cancellationToken);
        await EndAsync();
    }

    /// <summary>What the remote's extensions rule out, before anything is said.</summary>
    private RemoteReply? LocalRefusal()
    {
        var extensions = connection.Extensions;
        if (_needsUtf8 && !extensions.SmtpUtf8)
        {
            return LocalReplies.NeedsSmtpUtf8;
        }

        if (_request.EightBitMime && !extensions.EightBitMime)
        {
            return LocalReplies.NeedsEightBitMime;
        }

        return extensions.MaxSize > 0 && _request.Size > extensions.MaxSize ? LocalReplies.TooLarge(extensions.MaxSize) : null;
    }

    /// <returns>Whether the message is to follow.</returns>
    private async ValueTask<bool> PipelineAsync()
    {
        var reset = connection.NeedsReset;
        if (reset)
        {
            CommandText.Write("RSET\r\n", connection.Writer);
        }

        CommandText.WriteMail(_request, connection.Extensions, _needsUtf8, connection.Writer);
        foreach (var recipient in transaction.Recipients)
        {
            CommandText.WriteRecipient(recipient.Address, connection.Extensions, connection.Writer);
        }

        CommandText.Write("DATA\r\n", connection.Writer);
        await connection.FlushAsync(SmtpStep.Mail);

        if (reset && !await ReadResetAsync())
        {
            return false;
        }

        await ReadMailAsync();
        for (var recipient = 0; recipient < transaction.Recipients.Count && !connection.IsClosing; recipient++)
        {
            await ReadRecipientAsync(recipient);
        }

        return !connection.IsClosing && await ReadDataAsync();
    }

    private async ValueTask<bool> StepAsync()
    {
        if (connection.NeedsReset)
        {
            CommandText.Write("RSET\r\n", connection.Writer);
            await connection.FlushAsync(SmtpStep.Reset);
            if (!await ReadResetAsync())
            {
                return false;
            }
        }

        CommandText.WriteMail(_request, connection.Extensions, _needsUtf8, connection.Writer);
        await connection.FlushAsync(SmtpStep.Mail);
        if (!await ReadMailAsync())
        {
            return false;
        }

        for (var recipient = 0; recipient < transaction.Recipients.Count; recipient++)
        {
            CommandText.WriteRecipient(transaction.Recipients[recipient].Address, connection.Extensions, connection.Writer);
            await connection.FlushAsync(SmtpStep.Recipient);
            await ReadRecipientAsync(recipient);
            if (connection.IsClosing)
            {
                return false;
            }
        }

        if (_taken == 0)
        {
            return false;
        }

        CommandText.Write("DATA\r\n", connection.Writer);
        await connection.FlushAsync(SmtpStep.Data);
        return await ReadDataAsync();
    }

    private async ValueTask<bool> ReadResetAsync()
    {
        var reply = await connection.ReadReplyAsync(SmtpStep.Reset);
        if (connection.IsClosing)
        {
            transaction.DecideRest(SmtpStep.Reset, reply);
            return false;
        }

        connection.NeedsReset = false;
        return true;
    }

    private async ValueTask<bool> ReadMailAsync()
    {
        var reply = await connection.ReadReplyAsync(SmtpStep.Mail);
        transaction.IsBegun = true;
        if (reply.Code / 100 == 2)
        {
            return true;
        }

        RequireRefusal(SmtpStep.Mail, reply);
        transaction.DecideRest(SmtpStep.Mail, reply);
        return false;
    }

    private async ValueTask ReadRecipientAsync(int recipient)
    {
        var reply = await connection.ReadReplyAsync(SmtpStep.Recipient);
        if (connection.IsClosing)
        {
            transaction.DecideRest(SmtpStep.Recipient, reply);
            return;
        }

        // After a refused MAIL the rest of the pipelined group is refused as well: MAIL's reply has decided.
        if (transaction[recipient] is not null)
        {
            return;
        }

        if (reply.Code / 100 == 2)
        {
            _taken++;
            return;
        }

        RequireRefusal(SmtpStep.Recipient, reply);
        transaction.Decide(recipient, SmtpStep.Recipient, reply);
    }

    private async ValueTask<bool> ReadDataAsync()
    {
        var reply = await connection.ReadReplyAsync(SmtpStep.Data);
        if (reply.Code != 354)
        {
            RequireRefusal(SmtpStep.Data, reply);
            transaction.DecideRest(SmtpStep.Data, reply);
            return false;
        }

        if (_taken > 0)
        {
            return true;
        }

        // Nobody is there to send to, and yet the remote waits for data: an empty message ends it (RFC 2920 §3.1).
        CommandText.Write(".\r\n", connection.Writer);
        await connection.FlushAsync(SmtpStep.EndOfData);
        await connection.ReadReplyAsync(SmtpStep.EndOfData);
        return false;
    }

    private async ValueTask SendContentAsync(CancellationToken cancellationToken)
    {
        var check = default(LineCheck);
        var dots = default(DotStuffing);
        foreach (var segment in _request.Content.Segments)
        {
            for (var rest = segment; rest.Length > 0; rest = rest[Math.Min(rest.Length, BlockSize)..])
            {
                WriteChecked(rest[..Math.Min(rest.Length, BlockSize)].Span, ref check, ref dots);
                await FlushFullBlockAsync();
            }
        }

        if (_request.Content.OpenTail is { } openTail)
        {
            await using var tail = await openTail(cancellationToken);
            var block = ArrayPool<byte>.Shared.Rent(BlockSize);
            try
            {
                int length;
                while ((length = await tail.ReadAsync(block, cancellationToken)) > 0)
                {
                    WriteChecked(block.AsSpan(0, length), ref check, ref dots);
                    await FlushFullBlockAsync();
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(block);
            }
        }

        if (!check.IsFitToEnd)
        {
            throw Unfit();
        }

        dots.WriteEnd(connection.Writer);
        transaction.IsEndOfDataSent = true;
        await connection.FlushAsync(SmtpStep.EndOfData);
    }

    private ValueTask FlushFullBlockAsync()
        => connection.Writer.UnflushedBytes >= BlockSize ? connection.FlushAsync(SmtpStep.Content) : ValueTask.CompletedTask;

    private void WriteChecked(ReadOnlySpan<byte> piece, ref LineCheck check, ref DotStuffing dots)
    {
        if (!check.IsFit(piece))
        {
            throw Unfit();
        }

        dots.Write(piece, connection.Writer);
    }

    /// <summary>The message is dropped by closing before the dot: the remote has to forget it (RFC 5321 §4.1.1.4).</summary>
    private UnfitContentException Unfit()
    {
        transaction.DecideRest(SmtpStep.Resolve, LocalReplies.UnfitLines);
        return new UnfitContentException();
    }

    private async ValueTask EndAsync()
    {
        var reply = await connection.ReadReplyAsync(SmtpStep.EndOfData);
        if (reply.Code / 100 == 3)
        {
            throw Unexpected(SmtpStep.EndOfData, reply);
        }

        transaction.DecideRest(SmtpStep.EndOfData, reply);
    }

    private static void RequireRefusal(SmtpStep step, RemoteReply reply)
    {
        if (reply.Code < 400)
        {
            throw Unexpected(step, reply);
        }
    }

    private static ConversationEndedException Unexpected(SmtpStep step, RemoteReply reply)
        => new(step, new RemoteReply(0, "4.5.0", $"unexpected reply {reply.Code} {StepWords.At(step)}"));

    private static bool NeedsUtf8(string address) => !System.Text.Ascii.IsValid(address);
}
