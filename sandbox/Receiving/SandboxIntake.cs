using System.Buffers;
using MailPace.Mail.Addresses;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;
using MailPace.Storage.Sandbox;
using Microsoft.Extensions.Options;
using MimeKit;

namespace MailPace.Sandbox.Receiving;

/// <summary>Takes every message for every recipient, as the MX of the whole world would.</summary>
internal sealed class SandboxIntake(MessageStore store, IOptions<SandboxOptions> options, TimeProvider time) : IMessageIntake
{
    private static readonly SmtpReply Stored = new(250, "2.0.0", "Kept in the sandbox");
    private static readonly SmtpReply NotStored = new(451, "4.3.0", "The sandbox could not store the message, please try again");

    public ValueTask<SmtpReply?> CheckReversePathAsync(SessionFacts session, Envelope envelope, CancellationToken cancellationToken) => default;

    public ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken) => default;

    public void WriteTraceFields(SessionFacts session, Envelope envelope, string transactionId, IBufferWriter<byte> output)
        => ReceivedField.Write(session, envelope, options.Value.HostName, transactionId, time.GetUtcNow(), output);

    public async ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var (to, subject) = ReadHeader(message.Content);
        try
        {
            await store.AddAsync(
                new NewSandboxMessage
                {
                    ReversePath = message.Envelope.ReversePath?.Address ?? "",
                    Recipients = [.. message.Envelope.Recipients.Select(recipient => recipient.Address)],
                    HeaderTo = to,
                    Subject = subject,
                    Raw = message.Content,
                },
                cancellationToken);
            return Stored;
        }
        catch (Exception)
        {
            // The store has logged it, for the whole batch.
            return NotStored;
        }
    }

    private static (string? To, string? Subject) ReadHeader(ReadOnlyMemory<byte> content)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        try
        {
            var headers = new MimeParser(stream, MimeFormat.Entity).ParseHeaders();
            return (headers[HeaderId.To], headers[HeaderId.Subject]);
        }
        catch (FormatException)
        {
            return (null, null);
        }
    }
}
