using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MailPace.Mail.Addresses;
using MailPace.Mail.Composition;
using MailPace.Mail.Submission;
using MimeKit;

namespace MailPace.Mail.Tests.Composition;

/// <summary>MimeKit reads what we wrote: it was written by others.</summary>
public sealed class MessageComposerTests
{
    [Fact]
    public void TryCompose_TextAndHtml_Alternative()
    {
        var (message, composed) = Composing.Compose(Composing.Email with { TextBody = "Hi\nyou", HtmlBody = "<p>Hé</p>" });
        Assert.Equal("<p>Hé</p>", message.HtmlBody!.TrimEnd());
        Assert.Equal("Hi\nyou", message.TextBody!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal("multipart/alternative", message.Body!.ContentType.MimeType);
        Assert.Equal(composed.MessageId, $"<{message.MessageId}>");
        Assert.Equal(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero), message.Date);
        Assert.False(composed.SmtpUtf8);
    }

    [Fact]
    public void TryCompose_EveryField_ReadsAsGiven()
    {
        var (message, composed) = Composing.Compose(Composing.Email with
        {
            From = Composing.Mailbox("Jörg \"J\" Müller", "jm@b.example"),
            To = [Composing.Mailbox("Last, First", "t@x.example"), Composing.Mailbox(null, "u@bücher.example"), Composing.Mailbox(new string('n', 200), "v@x.example")],
            Cc = [Composing.Mailbox("山田太郎", "c@x.example")],
            ReplyTo = [Composing.Mailbox("R", "r@x.example")],
            Subject = "Grüße, 世界 🎉 " + new string('x', 300),
            InReplyTo = "1@x.example",
            References = "<1@x.example> <2@x.example>",
            ListUnsubscribe = "<https://x.example/u>, <mailto:u@x.example>",
        });
        Assert.Equal("Jörg \"J\" Müller", message.From.Mailboxes.Single().Name);
        Assert.Equal(["Last, First", "", new string('n', 200)], message.To.Mailboxes.Select(mailbox => mailbox.Name ?? ""));
        Assert.Equal(["t@x.example", "u@bücher.example", "v@x.example"], message.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Contains("u@xn--bcher-kva.example", Encoding.ASCII.GetString(composed.Message.Span), StringComparison.Ordinal);
        Assert.Equal("山田太郎", message.Cc.Mailboxes.Single().Name);
        Assert.Equal("r@x.example", message.ReplyTo.Mailboxes.Single().Address);
        Assert.Equal("Grüße, 世界 🎉 " + new string('x', 300), message.Subject);
        Assert.Equal("1@x.example", message.InReplyTo);
        Assert.Equal(["1@x.example", "2@x.example"], message.References);
        Assert.Equal("<https://x.example/u>, <mailto:u@x.example>", message.Headers[HeaderId.ListUnsubscribe]);
    }

    [Fact]
    public void TryCompose_Files_InlineRelatedAndOthersMixed()
    {
        var png = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();
        var (message, _) = Composing.Compose(Composing.Email with
        {
            TextBody = "t",
            HtmlBody = "<img src=\"cid:logo\">",
            Attachments =
            [
                new OutgoingAttachment { Name = "logo.png", Content = png, ContentType = ".png", ContentId = "cid:logo" },
                new OutgoingAttachment { Name = "Rechnung für 山田.pdf", Content = "pdf"u8.ToArray(), ContentType = "application/pdf" },
                new OutgoingAttachment { Name = "invite.ics", Content = "ics"u8.ToArray(), ContentType = "text/calendar; method=REQUEST" },
            ],
        });
        Assert.Equal("multipart/mixed", message.Body!.ContentType.MimeType);
        var image = message.BodyParts.OfType<MimePart>().Single(part => part.ContentId == "logo");
        Assert.Equal("image/png", image.ContentType.MimeType);
        Assert.Equal(ContentDisposition.Inline, image.ContentDisposition!.Disposition);
        Assert.Equal(png, Content(image));
        var files = message.Attachments.OfType<MimePart>().ToList();
        Assert.Equal(["Rechnung für 山田.pdf", "invite.ics"], files.Select(file => file.FileName));
        Assert.Equal("Rechnung für 山田.pdf", files[0].ContentType.Name);
        Assert.Equal("pdf"u8.ToArray(), Content(files[0]));
        Assert.Equal("REQUEST", files[1].ContentType.Parameters["method"]);
    }

    [Theory]
    [InlineData("../../etc/passwd.txt", "passwd.txt")]
    [InlineData("C:\\x\\y.pdf", "y.pdf")]
    [InlineData("a.pdf.. ", "a.pdf")]
    [InlineData("exe\u202Egnp.pdf", "exegnp.pdf")]
    [InlineData("..", "attachment")]
    [InlineData("", "attachment")]
    [InlineData("a\"b\\c.txt", "c.txt")]
    [InlineData("a\"b.txt", "a\"b.txt")]
    [InlineData("=?utf-8?q?x=0d=0aBcc?=.txt", "=?utf-8?q?x=0d=0aBcc?=.txt")]
    public void TryCompose_FileName_SafeAndWhole(string given, string expected)
    {
        var (message, _) = Composing.Compose(Composing.Email with { Attachments = [new OutgoingAttachment { Name = given, Content = "x"u8.ToArray() }] });
        Assert.Equal(expected, message.Attachments.Single().ContentDisposition!.FileName);
    }

    [Fact]
    public void TryCompose_InternationalLocalPart_NeedsSmtpUtf8()
    {
        var (_, composed) = Composing.Compose(Composing.Email with { To = [Composing.Mailbox("N", "jörg@x.example")] });
        Assert.True(composed.SmtpUtf8);
        Assert.Contains("To: N <jörg@x.example>\r\n", Encoding.UTF8.GetString(composed.Message.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inreplyto")]
    [InlineData("references")]
    [InlineData("list_unsubscribe")]
    [InlineData("attachments.cid")]
    public void TryCompose_ValueOutsideItsGrammar_RefusedWithItsField(string field)
    {
        var email = field switch
        {
            "inreplyto" => Composing.Email with { InReplyTo = "<a@b> <c@d>" },
            "references" => Composing.Email with { References = "<a>b>" },
            "list_unsubscribe" => Composing.Email with { ListUnsubscribe = "<https://x>\r\nBcc: e@x.example" },
            _ => Composing.Email with { Attachments = [new OutgoingAttachment { Name = "x.png", Content = default, ContentId = "a b" }] },
        };
        Assert.False(Composing.Composer.TryCompose(email, out _, out var refusal));
        Assert.Equal((RefusalKind.FieldInvalid, field), (refusal.Kind, refusal.Field));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryCompose_HeaderThatNobodyCouldSign_Refused(bool isSubject)
    {
        var text = string.Concat(Enumerable.Repeat("long ", 60_000));
        var email = isSubject ? Composing.Email with { Subject = text } : Composing.Email with { To = [Composing.Mailbox(text, "t@x.example")] };
        Assert.False(Composing.Composer.TryCompose(email, out _, out var refusal));
        Assert.Equal((RefusalKind.MessageMalformed, MessageFault.HeaderTooLong), (refusal.Kind, refusal.Fault));
    }

    [Property(MaxTest = 500)]
    public Property TryCompose_AnyText_ShortSevenBitLinesAndTheSameText()
    {
        var pieces = Gen.Elements("a", "=", " ", "  ", "\t", "é", "世", "🎉", ".", "\r\n.\r\n", "\r", "\n", "\0", "From ", "=?utf-8?q?x?=", "--", "\u2028", new string('y', 1200));
        return Prop.ForAll(pieces.ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var (message, composed) = Composing.Compose(Composing.Email with { Subject = text, TextBody = text });
            Assert.True(Ascii.IsValid(composed.Message.Span));
            Assert.Equal(MessageFault.None, BodyScan.Check(composed.Message.Span, out _));
            Assert.All(Encoding.ASCII.GetString(composed.Message.Span).Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
            Assert.Equal(DisplayText.Clean(text), message.Subject ?? "");
            var expected = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            Assert.Equal(expected.TrimEnd('\n'), message.TextBody!.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n'));
        });
    }

    private static byte[] Content(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return content.ToArray();
    }
}
