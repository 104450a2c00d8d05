using MailPace.Contracts;
using MailPace.Contracts.Directory;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>Where mail to a recipient goes.</summary>
/// <param name="Kind">The kind of its address.</param>
/// <param name="Endpoint">The customer's endpoint; with <see cref="InboundKind.Mail"/> only.</param>
internal readonly record struct InboundDestination(InboundKind Kind, InboundEndpointEntry? Endpoint);
