using MailPace.Contracts;
using MailPace.Storage.History;

namespace MailPace.Storage.Tests;

internal static class Samples
{
    public static AcceptedEmail Email(long id, DateTimeOffset acceptedAt, params string[] recipients) => new()
    {
        Id = id,
        OrganisationId = 1,
        DomainId = 2,
        TokenId = 3,
        Domain = "example.com",
        Source = EmailSource.Api,
        AcceptedAt = acceptedAt,
        HeaderFrom = "sender@example.com",
        Recipients = [.. (recipients.Length == 0 ? ["to@example.net"] : recipients).Select(r => new EnvelopeRecipient(r, RecipientKind.To))],
        MessageId = $"<{id}@example.com>",
        Subject = $"Subject {id}",
        Tags = ["a", "b"],
        Size = 5,
    };

    public static ProjectedEmail Projected(AcceptedEmail email, long sequence = 1) => new()
    {
        Email = email,
        MailPartition = 0,
        MailSequence = sequence,
        JobNumbers = [.. email.Recipients.Select(_ => 0)],
        Content = "hello"u8.ToArray(),
    };

    public static EmailEvent Attempted(AcceptedEmail email, int attempt, DateTimeOffset at, RecipientState state, params int[] ordinals) => new()
    {
        EmailId = email.Id,
        JobNumber = 0,
        Attempt = attempt,
        Kind = EmailEventKind.Attempted,
        OrganisationId = email.OrganisationId,
        DomainId = email.DomainId,
        AcceptedAt = email.AcceptedAt,
        At = at,
        NextAttemptAt = state == RecipientState.Deferred ? at + TimeSpan.FromMinutes(5) : null,
        RemoteHost = "mx.example.net",
        RemoteAddress = "192.0.2.1:25",
        Tls = "TLS 1.3",
        Outcomes =
        [
            .. (ordinals.Length == 0 ? [0] : ordinals).Select(o => new RecipientOutcome
            {
                Ordinal = o,
                Address = email.Recipients[o].Address,
                State = state,
                Reply = new RemoteReply(state == RecipientState.Delivered ? 250 : 451, null, $"reply of attempt {attempt}"),
            }),
        ],
    };

    public static EmailEvent Of(EmailEventKind kind, AcceptedEmail email, int attempt, DateTimeOffset at) => new()
    {
        EmailId = email.Id,
        JobNumber = 0,
        Attempt = attempt,
        Kind = kind,
        OrganisationId = email.OrganisationId,
        DomainId = email.DomainId,
        AcceptedAt = email.AcceptedAt,
        At = at,
        Reason = "why",
    };
}
