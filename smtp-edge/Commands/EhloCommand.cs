using System.Globalization;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>EHLO (RFC 5321 §4.1.1.1): says what this session offers, now.</summary>
internal sealed class EhloCommand : ISmtpCommand
{
    public ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments)
    {
        if (!HostNameArgument.TryParse(arguments.Span, out var name))
        {
            return new(CommandOutcome.Refused(Replies.BadHostName));
        }

        session.Facts.Greet(name, extended: true);
        return new(CommandOutcome.Done(Offer(session)));
    }

    private static SmtpReply Offer(SmtpSession session)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"SIZE {session.Options.MaxMessageSize}");
        List<string> lines = [session.Options.HostName, "PIPELINING", size, "8BITMIME", "CHUNKING", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"LIMITS RCPTMAX={session.Options.MaxRecipients}")); // RFC 9422
        if (session.OffersDsn)
        {
            lines.Add("DSN");
        }

        if (session.Facts.Tls is null && session.Offers(SmtpVerb.StartTls))
        {
            lines.Add("STARTTLS");
        }

        if (session.Facts.MayAuthenticate && session.Offers(SmtpVerb.Auth))
        {
            lines.Add("AUTH PLAIN LOGIN");
        }

        return new SmtpReply(250, null, lines.ToArray());
    }
}
