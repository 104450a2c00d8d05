using MailPace.Contracts.Directory;

namespace MailPace.Messaging.Intake;

/// <summary>
/// Who hands an email in: made by <see cref="EmailIntake.TryAuthenticate"/>. It may live as long as an SMTP session;
/// <see cref="EmailIntake.AcceptAsync"/> asks the directory again, so that a revoked token ends there.
/// </summary>
public sealed record SubmissionSession
{
    internal SubmissionSession(string secretHash, TokenEntry token, OrganisationEntry organisation, DomainEntry domain)
    {
        SecretHash = secretHash;
        Token = token;
        Organisation = organisation;
        Domain = domain;
    }

    public TokenEntry Token { get; }

    public OrganisationEntry Organisation { get; }

    public DomainEntry Domain { get; }

    internal string SecretHash { get; }

    /// <summary>Says nothing of the token.</summary>
    public override string ToString() => FormattableString.Invariant($"token {Token.Id} of domain {Domain.Id}");
}
