using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>Whether the credentials of an AUTH are good: an account or a refusal.</summary>
public readonly record struct AuthenticationResult
{
    private AuthenticationResult(SmtpAccount? account, SmtpReply? refusal, bool areUnknown)
    {
        Account = account;
        Refusal = refusal;
        AreUnknown = areUnknown;
    }

    public SmtpAccount? Account { get; }

    public SmtpReply? Refusal { get; }

    /// <summary>The credentials are nobody's: somebody may be guessing.</summary>
    public bool AreUnknown { get; }

    public static AuthenticationResult Accepted(SmtpAccount account) => new(account, null, areUnknown: false);

    /// <summary>The credentials are good, or can't be looked at, but this account may not send now.</summary>
    public static AuthenticationResult Refused(SmtpReply refusal) => new(null, refusal, areUnknown: false);

    public static AuthenticationResult Unknown(SmtpReply refusal) => new(null, refusal, areUnknown: true);
}
