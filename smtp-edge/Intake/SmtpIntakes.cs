using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>The intake of each role that a server's listeners have.</summary>
public sealed record SmtpIntakes
{
    /// <summary>For the roles that customers hand mail in to.</summary>
    public ISubmissionIntake? Submission { get; init; }

    /// <summary>For <see cref="SmtpRole.Inbound"/>.</summary>
    public IMessageIntake? Inbound { get; init; }

    internal IMessageIntake? For(SmtpRole role) => role switch
    {
        SmtpRole.Submission or SmtpRole.Submissions or SmtpRole.SubmissionInClear => Submission,
        SmtpRole.Inbound => Inbound,
    };
}
