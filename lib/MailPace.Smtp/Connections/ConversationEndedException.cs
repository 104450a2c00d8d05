using MailPace.Contracts;
using MailPace.Smtp.Protocol;

namespace MailPace.Smtp.Connections;

/// <summary>The conversation can't go on: the stream broke, the remote refused us as a whole, or nothing came in time.</summary>
internal sealed class ConversationEndedException(SmtpStep step, RemoteReply reply, Exception? inner = null)
    : Exception(reply.Text, inner)
{
    public SmtpStep Step { get; } = step;

    /// <summary>TLS didn't come about as it was demanded: why.</summary>
    public TlsFault? Tls { get; init; }

    /// <summary>The remote's reply, or our own words with code 0.</summary>
    public RemoteReply Reply { get; } = reply;
}
