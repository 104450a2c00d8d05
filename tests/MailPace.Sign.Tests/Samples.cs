using System.Text;
using MailPace.Contracts;

namespace MailPace.Sign.Tests;

internal static class Samples
{
    public const string Mime = "From: a@demo.example\r\nTo: b@one.example\r\nSubject: Hi\r\nDate: Tue, 24 Nov 2026 07:00:00 +0000\r\nMessage-ID: <1@demo.example>\r\n\r\nHello\r\n";

    public static AcceptedEmail Email(long id, params string[] recipients) => new()
    {
        Id = id,
        OrganisationId = 1,
        DomainId = 1,
        TokenId = 1,
        Domain = "demo.example",
        Source = EmailSource.Api,
        AcceptedAt = TimeProvider.System.GetUtcNow(),
        HeaderFrom = "a@demo.example",
        Recipients = [.. recipients.Select(address => new EnvelopeRecipient(address, RecipientKind.To))],
        MessageId = "<1@demo.example>",
        Size = Mime.Length,
    };

    public static string Text(IReadOnlyList<ReadOnlyMemory<byte>> content) => string.Concat(content.Select(part => Encoding.UTF8.GetString(part.Span)));
}
