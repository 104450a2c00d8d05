using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>HELO (RFC 5321 §4.1.1.1): a session without extensions.</summary>
internal sealed class HeloCommand : ISmtpCommand
{
    public ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments)
    {
        if (!HostNameArgument.TryParse(arguments.Span, out var name))
        {
            return new(CommandOutcome.Refused(Replies.BadHostName));
        }

        session.Facts.Greet(name, extended: false);
        return new(CommandOutcome.Done(new SmtpReply(250, null, session.Options.HostName)));
    }
}
