using System.Text.Json;
using MailPace.Contracts;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Commands;

/// <summary>RET, ENVID, NOTIFY and ORCPT (RFC 3461), and nothing that could leave a field or a command by them.</summary>
public sealed class DsnParameterTests
{
    [Theory]
    [InlineData("RET=FULL ENVID=QQ314159", "250")]
    [InlineData("ret=hdrs envid=a+2Bb+3Dc+20d", "250")]
    [InlineData("RET=BODY", "501")]
    [InlineData("RET", "501")]
    [InlineData("RET=FULL RET=FULL", "501")]
    [InlineData("ENVID=", "501")]
    [InlineData("ENVID=a ENVID=b", "501")]
    [InlineData("ENVID=a=b", "501")]
    [InlineData("ENVID=a+0D+0ARCPT", "501")]
    [InlineData("ENVID=a+00", "501")]
    [InlineData("ENVID=a+7F", "501")]
    [InlineData("ENVID=a+2b", "501")]
    [InlineData("ENVID=a+2", "501")]
    [InlineData("ENVID=a+", "501")]
    [InlineData("ENVID=a+ 2", "501")]
    [InlineData("ENVID=a\u00e2\u0080\u00a8b", "501")] // U+2028
    [InlineData("ENVID=a\nb", "500")]
    [InlineData("ENVID=a\tb", "501")]
    public async Task Mail_Parameters_AreTakenOrRefused(string parameters, string code)
    {
        await using var session = await LogInAsync();

        Assert.StartsWith(code, await session.AskAsync("MAIL FROM:<a@s.example> " + parameters), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, "250")]
    [InlineData(101, "501")]
    public async Task EnvelopeId_AtItsLimit_IsTakenAndOneOctetMoreNot(int length, string code)
    {
        await using var session = await LogInAsync();

        Assert.StartsWith(code, await session.AskAsync("MAIL FROM:<a@s.example> ENVID=" + string.Concat(Enumerable.Repeat("+2B", length))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOTIFY=NEVER", "250")]
    [InlineData("notify=success,Failure,DELAY ORCPT=rfc822;Bob+2Btag@r.example", "250")]
    [InlineData("ORCPT=utf-8;j\\x{F6}rg@r.example", "250")]
    [InlineData("ORCPT=x-own;a;b", "250")]
    [InlineData("NOTIFY=NEVER,FAILURE", "501")]
    [InlineData("NOTIFY=FAILURE,NEVER", "501")]
    [InlineData("NOTIFY=", "501")]
    [InlineData("NOTIFY", "501")]
    [InlineData("NOTIFY=FAILURE,", "501")]
    [InlineData("NOTIFY=ALWAYS", "501")]
    [InlineData("NOTIFY=NEVER NOTIFY=NEVER", "501")]
    [InlineData("ORCPT=b@r.example", "501")]
    [InlineData("ORCPT=;b@r.example", "501")]
    [InlineData("ORCPT=rfc822;", "501")]
    [InlineData("ORCPT=rfc 822;b", "501")]
    [InlineData("ORCPT=r+66c822;b", "501")]
    [InlineData("ORCPT=rfc822;b ORCPT=rfc822;b", "501")]
    [InlineData("ORCPT=rfc822;b+0A.+0A", "501")]
    [InlineData("ORCPT=rfc822;b\0", "500")]
    [InlineData("ORCPT=rfc822;b\u00c2\u0085", "501")]
    [InlineData("ENVID=a", "555")]
    public async Task Rcpt_Parameters_AreTakenOrRefused(string parameters, string code)
    {
        await using var session = await LogInAsync();
        await session.AskAsync("MAIL FROM:<a@s.example>");

        Assert.StartsWith(code, await session.AskAsync("RCPT TO:<b@r.example> " + parameters), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_Taken_AreInTheEnvelopeDecoded()
    {
        await using var session = await LogInAsync();
        await session.AskAsync("MAIL FROM:<a@s.example> RET=HDRS ENVID=a+2Bb");
        await session.AskAsync("RCPT TO:<b@r.example> NOTIFY=DELAY,FAILURE ORCPT=rfc822;B+3D@r.example");
        await session.AskAsync("RCPT TO:<c@r.example>");

        var envelope = session.Session.Envelope!;
        Assert.Equal(DsnReturn.Headers, envelope.DsnReturn);
        Assert.Equal("a+b", envelope.EnvelopeId);
        Assert.Equal([new RecipientDsn(DsnNotify.Delay | DsnNotify.Failure, "rfc822;B=@r.example"), default], envelope.Dsn);
    }

    [Fact]
    public async Task OriginalRecipients_MoreThanFactsShouldHold_AreForAnotherTransaction()
    {
        await using var session = await LogInAsync();
        await session.AskAsync("MAIL FROM:<a@s.example>");
        var replies = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            replies.Add((await session.AskAsync($"RCPT TO:<b{i}@r.example> ORCPT=rfc822;{new string('x', 490)}"))[..9]);
        }

        Assert.Equal("250 2.1.5", replies[0]);
        Assert.Equal("452 4.5.3", replies[^1]);
    }

    [Fact]
    public async Task Dsn_Inbound_IsNotOfferedAndNotKnown()
    {
        await using var session = new MemorySession(SmtpRole.Inbound);

        Assert.DoesNotContain("DSN", await session.AskAsync("EHLO c.example"), StringComparison.Ordinal);
        Assert.StartsWith("555", await session.AskAsync("MAIL FROM:<a@s.example> RET=FULL"), StringComparison.Ordinal);
        await session.AskAsync("MAIL FROM:<a@s.example>");
        Assert.StartsWith("555", await session.AskAsync("RCPT TO:<b@r.example> NOTIFY=NEVER"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dsn_AfterHelo_IsNotKnown()
    {
        await using var session = await LogInAsync();
        await session.AskAsync("HELO c.example");
        await session.AskAsync("MAIL FROM:<a@s.example>");

        Assert.StartsWith("555", await session.AskAsync("RCPT TO:<b@r.example> NOTIFY=NEVER"), StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_OfAnOlderProgram_AreRead()
    {
        var recipient = JsonSerializer.Deserialize("""{"address":"b@r.example","kind":"To"}""", ContractsJsonContext.Default.EnvelopeRecipient);
        Assert.Equal(new EnvelopeRecipient("b@r.example", RecipientKind.To), recipient);

        var full = recipient! with { Notify = DsnNotify.Never, OriginalRecipient = "rfc822;b" };
        Assert.Equal(full, JsonSerializer.Deserialize(JsonSerializer.Serialize(full, ContractsJsonContext.Default.EnvelopeRecipient), ContractsJsonContext.Default.EnvelopeRecipient));
    }

    [Fact]
    public void XText_AnyOctets_DecodesToPrintableAsciiOrNotAtAll()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = random.GetItems("+0123456789ABCDEFabc=~! \r\n\0\u00ff"u8.ToArray().AsSpan(), random.Next(1, 12));
            if (XText.TryDecode(text, out var decoded))
            {
                Assert.DoesNotContain(decoded, static character => character is < ' ' or > '~');
                Assert.InRange(decoded.Length, 1, text.Length);
            }
        }
    }

    private static async Task<MemorySession> LogInAsync()
    {
        var session = new MemorySession(SmtpRole.Submission, secure: true);
        var offer = await session.AskAsync("EHLO c.example");
        Assert.Contains("250-DSN\r\n", offer, StringComparison.Ordinal);
        Assert.Contains("250-LIMITS RCPTMAX=150\r\n", offer, StringComparison.Ordinal);
        Assert.StartsWith("235", await session.AskAsync("AUTH PLAIN AG1wX3NlY3JldABtcF9zZWNyZXQ="), StringComparison.Ordinal);
        return session;
    }
}
