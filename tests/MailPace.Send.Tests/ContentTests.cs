using System.Text;
using System.Text.Json;
using MailPace.Send.Tests.Harness;
using MimeKit;

namespace MailPace.Send.Tests;

public sealed class ContentTests(SharedPlatform shared)
{
    private const string Blocked = """{"errors":{"attachments.name":["Extension file type blocked, see Docs for full list of allowed file types"]}}""";

    [Fact]
    public async Task Email_WithEverything_IsStoredAsItWasMeant()
    {
        var account = await shared.Platform.CreateAccountAsync();

        var id = (await shared.Platform.SendAsync(
            account,
            ("from", $"Größe <{account.From}>"),
            ("subject", "Žluťoučký kůň 🐎"),
            ("htmlbody", "<p>Ahoj <img src=\"cid:logo\"></p>"),
            ("textbody", "Ahoj\n.\nřádek"),
            ("replyto", "Help <help@recipient.example>, b@recipient.example"),
            ("inreplyto", "<a@b.example>"),
            ("references", "<x@b.example> <y@b.example>"),
            ("list_unsubscribe", "<https://example.com/u?1>, <mailto:u@example.com>"),
            ("tags", new[] { "welcome", "новый" }),
            ("attachments", new object[]
            {
                new { name = "žádost.pdf", content = "aGVs\r\nbG8=", content_type = "application/pdf" },
                new { name = "logo.png", content = "iVBORw0KGgo=", content_type = ".png", cid = "cid:logo" },
            }))).AcceptedId();

        var stored = await shared.Platform.ReadAsync(id);
        var message = stored.Message();
        Assert.Equal("Žluťoučký kůň 🐎", message.Subject);
        Assert.Equal("Žluťoučký kůň 🐎", stored.Facts.Subject);
        Assert.Equal("Größe", message.From.Mailboxes.Single().Name);
        Assert.Equal("<p>Ahoj <img src=\"cid:logo\"></p>", message.HtmlBody!.TrimEnd());
        Assert.Equal("Ahoj\r\n.\r\nřádek", message.TextBody!.ReplaceLineEndings("\r\n").TrimEnd());
        Assert.Equal(["help@recipient.example", "b@recipient.example"], message.ReplyTo.Mailboxes.Select(static mailbox => mailbox.Address));
        Assert.Equal("a@b.example", message.InReplyTo);
        Assert.Equal(["x@b.example", "y@b.example"], message.References);
        Assert.Equal("<https://example.com/u?1>, <mailto:u@example.com>", message.Headers[HeaderId.ListUnsubscribe]);
        Assert.Equal(["welcome", "новый"], stored.Facts.Tags);
        Assert.Equal(stored.Facts.MessageId, $"<{message.MessageId}>");
        var pdf = Assert.IsType<MimePart>(message.Attachments.Single());
        Assert.Equal(("žádost.pdf", "hello"), (pdf.FileName, Decode(pdf)));
        var image = message.BodyParts.OfType<MimePart>().Single(static part => part.ContentId == "logo");
        Assert.Equal("image/png", image.ContentType.MimeType);
        Assert.Equal(stored.Mime.Length, stored.Facts.Size);
    }

    [Theory]
    [InlineData("\"solo\"", "solo")]
    [InlineData("\"['a', 'b']\"", "a|b")]
    [InlineData("\"[\\\"a, b\\\", \\\"c\\\"]\"", "a, b|c")]
    [InlineData("\"[:a, b]\"", ":a|b")]
    [InlineData("[\"a\", null, \"\", \"b\"]", "a|b")]
    [InlineData("\"[]\"", "")]
    [InlineData("\"[\"", "[")]
    [InlineData("null", "")]
    public async Task Tags_InEveryForm_AreRead(string json, string expected)
    {
        var account = await shared.Platform.CreateAccountAsync();

        var id = (await shared.Platform.SendAsync(account, ("tags", JsonDocument.Parse(json).RootElement))).AcceptedId();

        Assert.Equal(expected, string.Join('|', (await shared.Platform.ReadAsync(id)).Facts.Tags));
    }

    [Theory]
    [InlineData("htmlbody", """{"errors":{"htmlbody":["is invalid"]}}""")]
    [InlineData("textbody", """{"errors":{"textbody":["is invalid"]}}""")]
    [InlineData("subject", """{"errors":{"subject":["is invalid"]}}""")]
    [InlineData("replyto", """{"errors":{"replyto":["is invalid"]}}""")]
    [InlineData("inreplyto", """{"errors":{"inreplyto":["is invalid"]}}""")]
    [InlineData("references", """{"errors":{"references":["is invalid"]}}""")]
    [InlineData("list_unsubscribe", """{"errors":{"list_unsubscribe":["is invalid"]}}""")]
    [InlineData("tags", """{"errors":{"tags":["is invalid"]}}""")]
    [InlineData("attachments", """{"errors":{"attachments":["is invalid"]}}""")]
    public async Task Field_OfTheWrongType_IsTold(string field, string body)
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await shared.Platform.SendAsync(account, (field, 5))).IsRefused(400, body);
        (await shared.Platform.SendAsync(account, (field, new { a = 1 }))).IsRefused(400, body);
        (await shared.Platform.SendAsync(account, (field, true))).IsRefused(400, body);
    }

    [Fact]
    public async Task Bodies_BothAbsent_Answers400()
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await shared.Platform.SendAsync(account, ("textbody", ""), ("htmlbody", null)))
            .IsRefused(400, """{"errors":{"htmlbody":["can't be blank if textbody is blank"]}}""");
        (await shared.Platform.SendAsync(account, ("textbody", null), ("htmlbody", "<p>x</p>"))).AcceptedId();
    }

    [Theory]
    [InlineData("a.jpeg")]
    [InlineData("a.JPG")]
    [InlineData("a.csv")]
    [InlineData("a.att")]
    [InlineData("a.ical")]
    [InlineData("a.dwg")]
    public async Task Attachment_OfAnAllowedName_IsTaken(string name)
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await shared.Platform.SendAsync(account, Attachments(new { name, content = "aGVsbG8=", content_type = "application/octet-stream" }))).AcceptedId();
    }

    [Theory]
    [InlineData("a.exe")]
    [InlineData("a.pdf.exe")]
    [InlineData("a.exe.pdf")]
    [InlineData("a.pdf.")]
    [InlineData("noextension")]
    [InlineData("a.pdf\u202E")]
    [InlineData("../../etc/passwd.pdf")]
    [InlineData("a.pdf/b")]
    [InlineData("a.exe\u0000.pdf")]
    public async Task Attachment_OfABlockedName_Answers400(string name)
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await shared.Platform.SendAsync(account, Attachments(new { name, content = "aGVsbG8=", content_type = "application/pdf" }))).IsRefused(400, Blocked);
    }

    [Fact]
    public async Task Attachment_WithPathAndBidirectionalMark_LosesThem()
    {
        var account = await shared.Platform.CreateAccountAsync();

        var id = (await shared.Platform.SendAsync(account, Attachments(new { name = "C:\\dir\\\u202Efdp.txt", content = "aGVsbG8=", content_type = "text/plain" }))).AcceptedId();

        Assert.Equal("fdp.txt", ((MimePart)(await shared.Platform.ReadAsync(id)).Message().Attachments.Single()).FileName);
    }

    [Theory]
    [InlineData("""[{"content":"aGVsbG8=","content_type":"text/plain"}]""", """{"errors":{"attachments.name":["undefined field"]}}""")]
    [InlineData("""[{"name":"a.txt","content_type":"text/plain"}]""", """{"errors":{"attachments.content":["undefined field"]}}""")]
    [InlineData("""[{"name":"a.txt","content":"***"}]""", """{"errors":{"attachments.content":["is invalid"]}}""")]
    [InlineData("""[{"name":"a.txt","content":"aGVsbG8"}]""", """{"errors":{"attachments.content":["is invalid"]}}""")]
    [InlineData("""[{"name":"a.txt","content":5}]""", """{"errors":{"attachments.content":["is invalid"]}}""")]
    [InlineData("""[{"name":["a.txt"],"content":"aGVsbG8="}]""", """{"errors":{"attachments.name":["is invalid"]}}""")]
    [InlineData("""[{"name":"a.txt","content":"aGVsbG8=","cid":{}}]""", """{"errors":{"attachments.cid":["is invalid"]}}""")]
    [InlineData("""["a.txt"]""", """{"errors":{"attachments":["is invalid"]}}""")]
    public async Task Attachment_Incomplete_IsToldPrecisely(string json, string body)
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await shared.Platform.SendAsync(account, ("attachments", JsonDocument.Parse(json).RootElement))).IsRefused(400, body);
    }

    [Fact]
    public async Task Attachment_WithEscapedSlashesAsPhpSendsThem_IsDecoded()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var content = Convert.ToBase64String(Encoding.UTF8.GetBytes("??>>??~~ÿÿ")).Replace("/", "\\/", StringComparison.Ordinal);
        Assert.Contains("\\/", content, StringComparison.Ordinal);

        var id = (await shared.Platform.PostAsync(
            $$"""{"from":"{{account.From}}","to":"a@b.example","textbody":"x","attachments":[{"name":"a.txt","content":"{{content}}","content_type":"text\/plain"}]}""",
            [("MailPace-Server-Token", account.Token)])).AcceptedId();

        Assert.Equal("??>>??~~ÿÿ", Decode((MimePart)(await shared.Platform.ReadAsync(id)).Message().Attachments.Single()));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("<x>")]
    [InlineData("cid:x")]
    public async Task Attachment_WithACidInEachForm_IsInline(string cid)
    {
        var account = await shared.Platform.CreateAccountAsync();

        var id = (await shared.Platform.SendAsync(account, ("htmlbody", "<img src=cid:x>"), Attachments(new { name = "a.png", content = "iVBORw0KGgo=", content_type = "image/png", cid }))).AcceptedId();

        var message = (await shared.Platform.ReadAsync(id)).Message();
        Assert.Equal("x", message.BodyParts.OfType<MimePart>().Single(static part => part.ContentType.IsMimeType("image", "png")).ContentId);
        Assert.Empty(message.Attachments);
    }

    [Fact]
    public async Task Email_TooLargeForABundle_GoesByTheBlobStore()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var bytes = new byte[600_000];
        new Random(1).NextBytes(bytes);

        var id = (await shared.Platform.SendAsync(account, Attachments(new { name = "a.zip", content = Convert.ToBase64String(bytes), content_type = ".zip" }))).AcceptedId();

        var stored = await shared.Platform.ReadAsync(id);
        Assert.NotNull(stored.Facts.BlobKey);
        using var decoded = new MemoryStream();
        ((MimePart)stored.Message().Attachments.Single()).Content!.DecodeTo(decoded, TestContext.Current.CancellationToken);
        Assert.Equal(bytes, decoded.ToArray());
    }

    [Fact]
    public async Task Subject_VeryLong_IsSentWholeAndKeptInPart()
    {
        // Angle brackets take six octets each in JSON: whole, the facts alone would be more than NATS takes.
        var account = await shared.Platform.CreateAccountAsync();
        var subject = string.Concat(Enumerable.Repeat("<<<<<<<<<<<<<<< ", 14_000)).TrimEnd();

        var stored = await shared.Platform.ReadAsync((await shared.Platform.SendAsync(account, ("subject", subject))).AcceptedId());

        Assert.Equal(subject[..(16 * 1024)], stored.Facts.Subject);
    }

    private static (string, object?) Attachments(object attachment) => ("attachments", new[] { attachment });

    private static string Decode(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return Encoding.UTF8.GetString(content.ToArray());
    }
}
