using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>Whether the credentials of an AUTH are good: an account or a refusal.</summary>
public readonly record struct AuthenticationResult
{
    private AuthenticationResult(SmtpAccount? account, SmtpReply? refusal)
    {
        Account = account;
        Refusal = refusal;
    }

    public SmtpAccount? Account { get; }

    public SmtpReply? Refusal { get; }

    public static AuthenticationResult Accepted(SmtpAccount account) => new(account, null);

    public static AuthenticationResult Refused(SmtpReply refusal) => new(null, refusal);
}
