using System.Text.Json;
using MailPace.Mail.Addresses;
using MailPace.Mail.Composition;
using MimeKit;

namespace MailPace.Mail.Tests.Composition;

/// <summary>A hostile value is refused, or the message has the same header names as for <c>x</c>, in the header and in every part.</summary>
public sealed class HeaderInjectionTests
{
    private static readonly Dictionary<string, Func<string, OutgoingEmail?>> Fields = new()
    {
        ["subject"] = value => Composing.Email with { Subject = value },
        ["from.name"] = value => Composing.Email with { From = Composing.Mailbox(value, "a@b.example") },
        ["to.name"] = value => Composing.Email with { To = [Composing.Mailbox(value, "t@x.example")] },
        ["to"] = value => MailboxList.TryParse($"{value} <t@x.example>", out var list) ? Composing.Email with { To = list } : null,
        ["reply_to"] = value => MailboxList.TryParse($"\"{value}\" <t@x.example>", out var list) ? Composing.Email with { ReplyTo = list } : null,
        ["in_reply_to"] = value => Composing.Email with { InReplyTo = value },
        ["references"] = value => Composing.Email with { References = value },
        ["list_unsubscribe"] = value => Composing.Email with { ListUnsubscribe = value },
        ["filename"] = value => Attach(value, "image/png", "x"),
        ["content_type"] = value => Attach("x.png", value, "x"),
        ["content_type parameter"] = value => Attach("x.png", $"text/plain; x=\"{value}\"", "x"),
        ["cid"] = value => Attach("x.png", "image/png", value),
        ["text"] = value => Composing.Email with { TextBody = value },
        ["html"] = value => Composing.Email with { HtmlBody = value },
    };

    public static TheoryData<string> Names => [.. Fields.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TryCompose_HostileValue_SameHeaderNames(string field)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("attack-vectors/header-injection.json")));
        var expected = HeaderNames(Fields[field]("x"));
        Assert.NotNull(expected);
        foreach (var value in json.RootElement.GetProperty("values").EnumerateArray().Select(element => element.GetString()!))
        {
            Assert.Equal(expected, HeaderNames(Fields[field](value)) ?? expected);
        }
    }

    [Fact]
    public void TryCompose_LooksLikeAnEncodedWord_ReadAsWritten()
    {
        const string Text = "=?utf-8?q?x=0d=0aBcc:=20e@x.example?=";
        var (message, _) = Composing.Compose(Composing.Email with { Subject = Text, From = Composing.Mailbox(Text, "a@b.example") });
        Assert.Equal(Text, message.Subject);
        Assert.Equal(Text, message.From.Mailboxes.Single().Name);
    }

    private static List<string>? HeaderNames(OutgoingEmail? email)
    {
        if (email is null || !Composing.Composer.TryCompose(email, out var composed, out _))
        {
            return null;
        }

        var message = MimeMessage.Load(new MemoryStream(composed.Message.ToArray()));
        return [.. message.Headers.Select(header => header.Field), .. Parts(message.Body!).SelectMany(part => part.Headers.Select(header => header.Field))];
    }

    private static IEnumerable<MimeEntity> Parts(MimeEntity entity)
        => entity is Multipart multipart ? multipart.SelectMany(Parts).Prepend(entity) : [entity];

    private static OutgoingEmail Attach(string name, string contentType, string contentId) => Composing.Email with
    {
        HtmlBody = "x",
        Attachments =
        [
            new OutgoingAttachment { Name = name, Content = "x"u8.ToArray(), ContentType = contentType, ContentId = contentId },
            new OutgoingAttachment { Name = name, Content = "x"u8.ToArray(), ContentType = contentType },
        ],
    };
}
