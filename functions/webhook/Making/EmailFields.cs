namespace MailPace.Webhook.Making;

/// <summary>What all events of an email say alike.</summary>
/// <param name="Id">The email.</param>
/// <param name="DomainId">Its domain.</param>
/// <param name="AcceptedAt">When it was accepted.</param>
/// <param name="Members">The members <c>from</c> to <c>tags</c> as JSON, without braces.</param>
internal sealed record EmailFields(long Id, long DomainId, DateTimeOffset AcceptedAt, byte[] Members);
