using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>
/// STARTTLS (RFC 3207). Octets behind it in clear may come from somebody who wants them taken as if they came through
/// TLS (CVE-2011-0411): they end the session.
/// </summary>
internal sealed class StartTlsCommand : ISmtpCommand
{
    public async ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments)
    {
        if (!arguments.IsEmpty)
        {
            return CommandOutcome.Refused(Replies.NoArguments);
        }

        if (session.Facts.Tls is not null)
        {
            return CommandOutcome.Refused(Replies.AlreadySecure);
        }

        if (session.Input.HasMore())
        {
            SessionLog.CommandInjection(session.Services.Logger, session.Facts.Id, session.Facts.RemoteEndPoint);
            return CommandOutcome.Close(Replies.DataAfterStartTls);
        }

        session.Say(Replies.ReadyForTls);
        return await session.SecureAsync().ConfigureAwait(false) ? CommandOutcome.Done(null) : CommandOutcome.Close(null);
    }
}
