using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>RSET (RFC 5321 §4.1.1.5): leaving the transaction's states forgets the envelope.</summary>
internal sealed class RsetCommand : ISmtpCommand
{
    public ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments) =>
        new(arguments.IsEmpty ? CommandOutcome.Done(Replies.Ok) : CommandOutcome.Refused(Replies.NoArguments));
}
