using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Session;

/// <summary>What a command did.</summary>
/// <param name="Reply">What the client is told; absent when it was told already, or is gone.</param>
/// <param name="Effect">What becomes of the session.</param>
internal readonly record struct CommandOutcome(SmtpReply? Reply, CommandEffect Effect)
{
    /// <summary>The command was done: the session goes where the table says.</summary>
    public static CommandOutcome Done(SmtpReply? reply) => new(reply, CommandEffect.Done);

    /// <summary>The transaction is over, done or failed, where the table would go on with it.</summary>
    public static CommandOutcome Over(SmtpReply reply) => new(reply, CommandEffect.Over);

    /// <summary>The command failed: the session stays where it is.</summary>
    public static CommandOutcome Refused(SmtpReply reply) => new(reply, CommandEffect.Refused);

    /// <summary>The session ends after the reply.</summary>
    public static CommandOutcome Close(SmtpReply? reply) => new(reply, CommandEffect.Close);
}
