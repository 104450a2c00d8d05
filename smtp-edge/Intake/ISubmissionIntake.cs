namespace MailPace.SmtpEdge.Intake;

/// <summary>Intake of customers' mail: knows who they are.</summary>
public interface ISubmissionIntake : IMessageIntake
{
    /// <summary>
    /// Checks a user name and password, always in the same time and, when they are wrong, with the same words.
    /// Neither may be kept or logged.
    /// </summary>
    ValueTask<AuthenticationResult> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken);
}
