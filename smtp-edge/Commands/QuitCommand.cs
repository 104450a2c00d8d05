using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>QUIT (RFC 5321 §4.1.1.10). What follows it is not read.</summary>
internal sealed class QuitCommand : ISmtpCommand
{
    public ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments) =>
        new(CommandOutcome.Close(Replies.Closing));
}
