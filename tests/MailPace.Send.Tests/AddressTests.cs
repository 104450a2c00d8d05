using System.Diagnostics;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Send.Tests.Harness;

namespace MailPace.Send.Tests;

public sealed class AddressTests(SharedPlatform shared)
{
    private const string Mismatch = """{"error":"Verified domain does not match domain in From address of email"}""";
    private const string NotParseable = """{"error":"Email from address not parseable"}""";

    [Theory]
    [InlineData("app@{0}")]
    [InlineData("App Name <app@{0}>")]
    [InlineData("\"App, Inc.\" <app@{0}>")]
    [InlineData(" <app@{0}>")]
    [InlineData("Ünïcode ✓ <app@{0}>")]
    public async Task From_OfTheTokensDomain_IsTaken(string from)
    {
        var account = await shared.Platform.CreateAccountAsync();

        var id = (await shared.Platform.SendAsync(account, ("from", string.Format(System.Globalization.CultureInfo.InvariantCulture, from, account.Domain)))).AcceptedId();

        var stored = await shared.Platform.ReadAsync(id);
        Assert.Equal(account.From, stored.Facts.HeaderFrom);
        Assert.Equal(account.From, stored.Message().From.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task From_DomainInUpperCase_IsTheSameDomain()
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await shared.Platform.SendAsync(account, ("from", $"app@{account.Domain.ToUpperInvariant()}"))).AcceptedId();
    }

    [Theory]
    [InlineData("app@sub.{0}")]
    [InlineData("app@x{0}")]
    [InlineData("app@{0}.evil.example")]
    [InlineData("app@example")]
    [InlineData("\"app@{0}>,<x\"@evil.example")]
    [InlineData("app@other.example")]
    public async Task From_OfAnotherDomain_Answers403(string from)
    {
        var account = await shared.Platform.CreateAccountAsync();

        var answer = await shared.Platform.SendAsync(account, ("from", string.Format(System.Globalization.CultureInfo.InvariantCulture, from, account.Domain)));

        if (from == "app@example" && answer.Body == NotParseable)
        {
            return; // a single label is no mail domain at all
        }

        answer.IsRefused(403, Mismatch);
    }

    [Fact]
    public async Task From_LookAlikeInAnotherScript_Answers403()
    {
        var account = await shared.Platform.CreateAccountAsync();

        // U+0501 looks like the d of the domain.
        (await shared.Platform.SendAsync(account, ("from", $"app@\u0501{account.Domain[1..]}"))).IsRefused(403, Mismatch);
    }

    [Fact]
    public async Task From_InternationalDomain_IsComparedAsALabel()
    {
        var account = await shared.Platform.CreateAccountAsync(domainName: static id => new System.Globalization.IdnMapping().GetAscii($"bücher{id}.example"));

        var id = (await shared.Platform.SendAsync(account, ("from", $"Bücher <app@bücher{account.DomainId}.example>"))).AcceptedId();

        Assert.Equal($"app@{account.Domain}", (await shared.Platform.ReadAsync(id)).Facts.HeaderFrom);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(5)]
    [InlineData("nobody")]
    [InlineData("app@{0}.")]
    [InlineData("app@{0}, other@{0}")]
    [InlineData("app@{0}\r\nBcc: e@x.example")]
    [InlineData("app@{0}\u0000.evil")]
    [InlineData("@evil.example:app@{0}")]
    public async Task From_NotParseable_Answers400(object? from)
    {
        var account = await shared.Platform.CreateAccountAsync();

        var value = from is string text ? text.Replace("{0}", account.Domain, StringComparison.Ordinal) : from;

        (await shared.Platform.SendAsync(account, ("from", value))).IsRefused(400, NotParseable);
    }

    [Fact]
    public async Task To_Absent_Answers400()
    {
        var account = await shared.Platform.CreateAccountAsync();

        (await shared.Platform.SendAsync(account, ("to", ""))).IsRefused(400, """{"errors":{"to":["undefined field"]}}""");
    }

    [Theory]
    [InlineData("to")]
    [InlineData("cc")]
    [InlineData("bcc")]
    public async Task Recipients_InvalidTooManyOrBlocked_AreToldByField(string field)
    {
        var account = await shared.Platform.CreateAccountAsync();
        const string blocked = "Blocked@recipient.example";
        await shared.Platform.Writer.PutSuppressionsAsync(SuppressionAction.Block, ListOwner.OfDomain(account.DomainId), [blocked], TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => shared.Platform.Directory.IsSuppressed(account.DomainId, blocked), "the suppression");

        (await shared.Platform.SendAsync(account, (field, "a@b.example, nobody"))).IsRefused(400, FieldError(field, "is invalid"));
        (await shared.Platform.SendAsync(account, (field, new[] { "a@b.example" }))).IsRefused(400, FieldError(field, "is invalid"));
        (await shared.Platform.SendAsync(account, (field, "a@b.example, blocked@RECIPIENT.example"))).IsRefused(400, FieldError(field, "contains a blocked address"));
        (await shared.Platform.SendAsync(account, (field, List(51)))).IsRefused(400, FieldError(field, "number of email addresses exceeds maximum volume"));
        (await shared.Platform.SendAsync(account, (field, List(50)))).AcceptedId();
    }

    [Fact]
    public async Task Suppression_OfOneDomain_DoesNotBindAnother()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var other = await shared.Platform.CreateAccountAsync();
        await shared.Platform.Writer.PutSuppressionsAsync(SuppressionAction.Block, ListOwner.OfDomain(other.DomainId), ["only@recipient.example"], TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => shared.Platform.Directory.IsSuppressed(other.DomainId, "only@recipient.example"), "the suppression");

        (await shared.Platform.SendAsync(account, ("to", "only@recipient.example"))).AcceptedId();
        Assert.Equal(400, (int)(await shared.Platform.SendAsync(other, ("to", "only@recipient.example"))).Status);
    }

    [Fact]
    public async Task Recipients_OfAllFields_AreInTheEnvelopeOnceAndBccInNoHeader()
    {
        var account = await shared.Platform.CreateAccountAsync();

        var id = (await shared.Platform.SendAsync(
            account,
            ("to", "\"Doe, Jane\" <jane@recipient.example>, <plain@recipient.example>"),
            ("cc", "Büro <cc@bücher.example>, jane@recipient.example"),
            ("bcc", "secret@recipient.example"))).AcceptedId();

        var stored = await shared.Platform.ReadAsync(id);
        Assert.Equal(
            [
                new("jane@recipient.example", RecipientKind.To),
                new("plain@recipient.example", RecipientKind.To),
                new("cc@xn--bcher-kva.example", RecipientKind.Cc),
                new("secret@recipient.example", RecipientKind.Bcc),
            ],
            stored.Facts.Recipients);
        Assert.DoesNotContain("secret@", System.Text.Encoding.UTF8.GetString(stored.Mime), StringComparison.Ordinal);
        Assert.Equal("Doe, Jane", stored.Message().To.Mailboxes.First().Name);
        Assert.False(stored.Facts.SmtpUtf8);
    }

    [Fact]
    public async Task LocalPart_NonAscii_NeedsSmtpUtf8AlsoInBcc()
    {
        var account = await shared.Platform.CreateAccountAsync();

        var inTo = (await shared.Platform.SendAsync(account, ("to", "用户@例子.example"))).AcceptedId();
        var inBcc = (await shared.Platform.SendAsync(account, ("bcc", "jürgen@recipient.example"))).AcceptedId();

        var stored = await shared.Platform.ReadAsync(inTo);
        Assert.True(stored.Facts.SmtpUtf8);
        Assert.StartsWith("用户@xn--", stored.Facts.Recipients[0].Address, StringComparison.Ordinal);
        Assert.True((await shared.Platform.ReadAsync(inBcc)).Facts.SmtpUtf8);
    }

    [Fact]
    public async Task Lists_OfAMegabyteOfTricks_AreRefusedInTime()
    {
        var account = await shared.Platform.CreateAccountAsync();
        var started = Stopwatch.GetTimestamp();

        foreach (var unit in (string[])["<", "\"", "(", "a@b.example,", "\"\\", "=?utf-8?q?a?=", "a\u00A0", ",", "<a@b.example>"])
        {
            var answer = await shared.Platform.SendAsync(account, ("to", string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length))));
            Assert.Equal(400, (int)answer.Status);
        }

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private static string FieldError(string field, string words) => $"{{\"errors\":{{\"{field}\":[\"{words}\"]}}}}";

    private static string List(int count) => string.Join(", ", Enumerable.Range(0, count).Select(static i => $"Name {i} <r{i}@recipient.example>"));
}
