using System.Buffers;
using MailPace.Mail.Addresses;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>
/// Where the messages of a role go, and who may send which: the boundary between SMTP and what MailPace does with mail.
/// It is called from many sessions at once; each session calls it for one command at a time.
/// </summary>
public interface IMessageIntake
{
    /// <summary>Asked at MAIL. Absent: accepted.</summary>
    ValueTask<SmtpReply?> CheckReversePathAsync(SessionFacts session, Envelope envelope, CancellationToken cancellationToken);

    /// <summary>Asked at each RCPT; <paramref name="envelope"/> holds the recipients before it. Absent: accepted.</summary>
    ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken);

    /// <summary>Writes the trace fields that go in front of the message, each ended by CRLF.</summary>
    /// <param name="session">The client.</param>
    /// <param name="envelope">The complete envelope.</param>
    /// <param name="transactionId">Names the transaction in logs.</param>
    /// <param name="output">Takes the octets.</param>
    void WriteTraceFields(SessionFacts session, Envelope envelope, string transactionId, IBufferWriter<byte> output);

    /// <summary>
    /// Takes a message over. A positive reply moves the responsibility for it (RFC 5321 §4.2.5): the message is durable
    /// by then. An exception is answered with 451.
    /// </summary>
    ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken cancellationToken);
}
