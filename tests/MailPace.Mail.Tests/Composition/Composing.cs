using MailPace.Mail.Addresses;
using MailPace.Mail.Composition;
using MailPace.Mail.Headers;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace MailPace.Mail.Tests.Composition;

internal static class Composing
{
    public static readonly MessageComposer Composer = new(
        new MessageStamps(new FakeTimeProvider(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero)), Random.Shared));

    public static readonly OutgoingEmail Email = new() { From = Mailbox("N", "a@b.example"), To = [Mailbox(null, "t@x.example")], TextBody = "x" };

    public static Mailbox Mailbox(string? name, string address)
    {
        Assert.True(EmailAddress.TryParse(address, out var parsed));
        return new Mailbox(name, parsed);
    }

    public static (MimeMessage Message, ComposedMessage Composed) Compose(OutgoingEmail email)
    {
        Assert.True(Composer.TryCompose(email, out var composed, out var refusal), refusal?.Message);
        return (MimeMessage.Load(new MemoryStream(composed.Message.ToArray())), composed);
    }
}
