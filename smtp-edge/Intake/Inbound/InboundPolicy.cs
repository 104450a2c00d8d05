using System.Diagnostics.CodeAnalysis;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Mail.Addresses;
using MailPace.Mail.ReturnPaths;
using MailPace.Messaging.Directory;
using MailPace.SmtpEdge.Protocol;
using Microsoft.Extensions.Options;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>
/// Whom strangers may write to, and nobody else: a return-path whose code is right, the address of a feedback loop, anyone at an inbound
/// host whose domain is verified and whose organisation has a plan. What isn't ours is relaying; what is ours but nobody's is unknown.
/// Read from the directory and the key of the return-paths: no IO.
/// </summary>
internal sealed class InboundPolicy
{
    private readonly DirectoryCache _directory;
    private readonly ReturnPathIssuer _returnPaths;
    private readonly HashSet<string> _feedback = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _ownHosts = new(StringComparer.OrdinalIgnoreCase);

    public InboundPolicy(DirectoryCache directory, ReturnPathIssuer returnPaths, IOptions<ReturnPathOptions> returnPath, IOptions<InboundOptions> options)
    {
        _directory = directory;
        _returnPaths = returnPaths;
        _ownHosts.Add(returnPath.Value.Host);
        foreach (var text in options.Value.FeedbackAddresses)
        {
            if (EmailAddress.TryParse(text, out var address))
            {
                _feedback.Add(address.Address);
                _ownHosts.Add(address.Domain);
            }
        }
    }

    /// <summary>The directory has been read: before that nobody is known.</summary>
    public bool IsReady => _directory.IsReady;

    /// <summary>Finds where mail to <paramref name="recipient"/> goes.</summary>
    /// <param name="recipient">The argument of RCPT.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="refusal">Why nowhere.</param>
    public bool TryFind(EmailAddress recipient, out InboundDestination destination, [NotNullWhen(false)] out SmtpReply? refusal)
    {
        refusal = null;
        destination = new InboundDestination(InboundKind.Bounce, null);
        if (TryReadReturnPath(recipient, out _))
        {
            return true;
        }

        destination = new InboundDestination(InboundKind.FeedbackReport, null);
        if (_feedback.Contains(recipient.Address))
        {
            return true;
        }

        if (_directory.FindInboundEndpoint(recipient.Domain) is not { } endpoint)
        {
            refusal = _ownHosts.Contains(recipient.Domain) || ReturnPathIssuer.IsLike(recipient.LocalPart) ? InboundReplies.NoSuchRecipient : InboundReplies.RelayingDenied;
            return false;
        }

        destination = new InboundDestination(InboundKind.Mail, endpoint);
        refusal = IsOpen(endpoint) ? null : InboundReplies.NotTaken;
        return refusal is null;
    }

    public bool TryReadReturnPath(EmailAddress recipient, out IssuedReturnPath path) => _returnPaths.TryVerify(recipient.Address, out path);

    private bool IsOpen(InboundEndpointEntry endpoint) =>
        _directory.FindDomain(endpoint.DomainId) is { DkimVerified: true } domain
        && domain.OrganisationId == endpoint.OrganisationId
        && _directory.FindOrganisation(endpoint.OrganisationId) is { Status: OrganisationStatus.Active };
}
