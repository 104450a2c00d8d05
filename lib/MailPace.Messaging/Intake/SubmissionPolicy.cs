using System.Diagnostics.CodeAnalysis;
using MailPace.Contracts.Directory;
using MailPace.Mail.Addresses;
using MailPace.Mail.Submission;
using MailPace.Messaging.Directory;

namespace MailPace.Messaging.Intake;

/// <summary>Who may send what to whom, read from the directory. No state, no IO.</summary>
internal sealed class SubmissionPolicy(DirectoryCache directory, IntakeOptions options)
{
    /// <summary>Token, then organisation, then domain: the order in which the API refuses.</summary>
    public bool TryAuthenticate(
        string secretHash,
        [NotNullWhen(true)] out SubmissionSession? session,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = TryIdentify(secretHash, out session, out var unknown) ? CheckStanding(session) : unknown;
        session = refusal is null ? session : null;
        return session is not null;
    }

    /// <summary>Whose token it is, whether or not they may send now.</summary>
    public bool TryIdentify(
        string secretHash,
        [NotNullWhen(true)] out SubmissionSession? session,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        session = null;
        if (!directory.IsReady)
        {
            refusal = Refusal.NotDurable(options.RetryAfter);
            return false;
        }

        // An organisation token manages domains; it sends nothing.
        if (directory.FindToken(secretHash) is not { DomainId: { } domainId } token)
        {
            refusal = Refusal.InvalidToken;
            return false;
        }

        // The directory's entries come one by one. A token whose domain isn't here yet, or isn't any more, is between two states.
        if (directory.FindOrganisation(token.OrganisationId) is not { } organisation
            || directory.FindDomain(domainId) is not { } domain
            || domain.OrganisationId != token.OrganisationId)
        {
            refusal = Refusal.NotDurable(options.RetryAfter);
            return false;
        }

        refusal = null;
        session = new SubmissionSession(secretHash, token, organisation, domain);
        return true;
    }

    /// <summary>Both sides are A-labels in lower case without a trailing dot, so that equal is equal: a subdomain or a look-alike isn't.</summary>
    public static Refusal? CheckFrom(SubmissionSession session, EmailAddress from)
        => string.Equals(from.Domain, session.Domain.Name, StringComparison.Ordinal) ? null : Refusal.FromDomainMismatch;

    public Refusal? CheckRecipients(SubmissionSession session, string field, IReadOnlyList<Mailbox> recipients)
    {
        if (recipients.Count > options.MaxRecipientsPerField)
        {
            return Refusal.TooManyRecipients(field);
        }

        foreach (var recipient in recipients)
        {
            if (CheckRecipient(session, field, recipient.Address) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    public Refusal? CheckRecipient(SubmissionSession session, string field, EmailAddress recipient)
        => directory.IsSuppressed(session.Domain.Id, recipient.Address) ? Refusal.RecipientBlocked(field) : null;

    public static Refusal? CheckStanding(SubmissionSession session) => session.Organisation.Status switch
    {
        OrganisationStatus.NoPlan => Refusal.NoActivePlan,
        OrganisationStatus.Suspended => Refusal.OrganisationSuspended,
        OrganisationStatus.Active => session.Domain.DkimVerified ? null : Refusal.DkimNotVerified,
    };
}
