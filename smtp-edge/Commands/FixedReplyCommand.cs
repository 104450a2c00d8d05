using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>A command that does nothing but answer: NOOP, VRFY (RFC 5321 §3.5.3: 252), EXPN, HELP and what isn't known.</summary>
internal sealed class FixedReplyCommand(SmtpReply reply) : ISmtpCommand
{
    private readonly CommandOutcome _outcome = reply.IsPositive ? CommandOutcome.Done(reply) : CommandOutcome.Refused(reply);

    public ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments) => new(_outcome);
}
