using System.Text;
using MailPace.Contracts;

namespace MailPace.Messaging.Tests.Server;

internal static class Samples
{
    public static readonly byte[] Mime = Encoding.ASCII.GetBytes("Subject: hello\r\n\r\n" + new string('x', 5000));

    public static AcceptedEmail Email(long id, DateTimeOffset? acceptedAt = null, string? requestHash = null) => new()
    {
        Id = id,
        OrganisationId = 1,
        DomainId = 2,
        TokenId = 3,
        Domain = "example.com",
        Source = EmailSource.Api,
        AcceptedAt = acceptedAt ?? TimeProvider.System.GetUtcNow(),
        HeaderFrom = "a@example.com",
        Recipients = [new EnvelopeRecipient("b@example.net", RecipientKind.To)],
        MessageId = "<1@example.com>",
        Size = Mime.Length,
        RequestHash = requestHash,
    };

    public static DeliveryJob Job(long emailId, int attempt = 1) => new()
    {
        EmailId = emailId,
        JobNumber = 0,
        Attempt = attempt,
        OrganisationId = 1,
        DomainId = 2,
        AcceptedAt = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(2),
        RecipientDomain = "example.net",
        Recipients = [new JobRecipient(0, "b@example.net")],
        ReturnPath = "bounces@example.com",
        MessageId = "<1@example.com>",
        Size = Mime.Length,
    };
}
