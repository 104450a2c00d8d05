using MailPace.Contracts;

namespace MailPace.Record.Tests;

internal static class Samples
{
    public static AcceptedEmail Email(long id, params string[] recipients) => new()
    {
        Id = id,
        OrganisationId = 1,
        DomainId = 2,
        TokenId = 3,
        Domain = "example.com",
        Source = EmailSource.Api,
        AcceptedAt = TimeProvider.System.GetUtcNow(),
        HeaderFrom = "sender@example.com",
        Recipients = [.. (recipients.Length == 0 ? ["to@example.net"] : recipients).Select(r => new EnvelopeRecipient(r, RecipientKind.To))],
        MessageId = $"<{id}@example.com>",
        Size = 20,
    };

    public static EmailEvent Attempted(AcceptedEmail email, RecipientState state, DateTimeOffset? nextAttemptAt = null) => new()
    {
        EmailId = email.Id,
        JobNumber = 0,
        Attempt = 1,
        Kind = EmailEventKind.Attempted,
        OrganisationId = email.OrganisationId,
        DomainId = email.DomainId,
        AcceptedAt = email.AcceptedAt,
        At = TimeProvider.System.GetUtcNow(),
        NextAttemptAt = nextAttemptAt,
        Outcomes = [new RecipientOutcome { Ordinal = 0, Address = email.Recipients[0].Address, State = state, Reply = new RemoteReply(250, null, "ok") }],
    };

    public static DeliveryJob Job(AcceptedEmail email, int attempt = 1) => new()
    {
        EmailId = email.Id,
        JobNumber = 0,
        Attempt = attempt,
        OrganisationId = email.OrganisationId,
        DomainId = email.DomainId,
        AcceptedAt = email.AcceptedAt,
        ExpiresAt = email.AcceptedAt.AddDays(3),
        RecipientDomain = "example.net",
        Recipients = [new JobRecipient(0, email.Recipients[0].Address)],
        ReturnPath = "bounces+x@localhost",
        MessageId = email.MessageId,
        Size = 5,
    };
}
