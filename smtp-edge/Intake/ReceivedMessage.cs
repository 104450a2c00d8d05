using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>A message that came over SMTP.</summary>
public sealed record ReceivedMessage
{
    public required SessionFacts Session { get; init; }

    public required Envelope Envelope { get; init; }

    /// <summary>Names the transaction in logs and in the Received field.</summary>
    public required string TransactionId { get; init; }

    /// <summary>
    /// The trace fields that intake asked for, then the message as the client sent it, dots unstuffed. Every line ends in
    /// CRLF, there is no NUL. The memory is valid until <see cref="IMessageIntake.AcceptAsync"/> has completed.
    /// </summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Where the client's own octets begin in <see cref="Content"/>.</summary>
    public required int MessageOffset { get; init; }
}
