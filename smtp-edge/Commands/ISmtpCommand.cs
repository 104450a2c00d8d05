using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>A command that the transition table allowed. Has no state of its own: one object serves all sessions.</summary>
internal interface ISmtpCommand
{
    /// <param name="session">The client.</param>
    /// <param name="arguments">What follows the verb; valid until the session reads on.</param>
    ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments);
}
