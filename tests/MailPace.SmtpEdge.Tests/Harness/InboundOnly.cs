using System.Buffers;
using MailPace.Mail.Addresses;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>Hides that the recorder can authenticate.</summary>
internal sealed class InboundOnly(RecordingIntake inner) : IMessageIntake
{
    public ValueTask<SmtpReply?> CheckReversePathAsync(SessionFacts session, Envelope envelope, CancellationToken cancellationToken) =>
        inner.CheckReversePathAsync(session, envelope, cancellationToken);

    public ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken) =>
        inner.CheckRecipientAsync(session, envelope, recipient, cancellationToken);

    public void WriteTraceFields(SessionFacts session, Envelope envelope, string transactionId, IBufferWriter<byte> output) =>
        inner.WriteTraceFields(session, envelope, transactionId, output);

    public ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken cancellationToken) => inner.AcceptAsync(message, cancellationToken);
}
