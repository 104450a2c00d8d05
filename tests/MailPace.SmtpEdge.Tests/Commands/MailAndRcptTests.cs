using System.Text;
using System.Text.Json;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Commands;

public sealed class MailAndRcptTests
{
    [Theory]
    [InlineData("MAIL FROM:<a@s.example>", "250 2.1.0")]
    [InlineData("MAIL FROM:<>", "250 2.1.0")]
    [InlineData("mail from: <a@s.example>", "250 2.1.0")]
    [InlineData("MAIL FROM:<\"a> b\"@s.example> SIZE=5", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@s.example> SIZE=31457280 BODY=8bitmime SMTPUTF8 AUTH=<>", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@s.example> BODY=7BIT", "250 2.1.0")]
    [InlineData("MAIL FROM:<j\u00c3\u00b6@s.example> SMTPUTF8", "250 2.1.0")]
    [InlineData("MAIL FROM:<j\u00c3\u00b6@s.example>", "553 5.6.7")]
    [InlineData("MAIL FROM:<j\u00c3@s.example> SMTPUTF8", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@s.example> SIZE=31457281", "552 5.3.4")]
    [InlineData("MAIL FROM:<a@s.example> SIZE=99999999999999999999", "552 5.3.4")]
    [InlineData("MAIL FROM:<a@s.example> SIZE=1 SIZE=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@s.example> SIZE=", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@s.example> SIZE=-1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@s.example> BODY=BINARYMIME", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@s.example> SMTPUTF8=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@s.example> FOO", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@s.example>SIZE=1", "501 5.5.4")]
    [InlineData("MAIL FROM:a@s.example", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@s.example", "501 5.5.4")]
    [InlineData("MAIL TO:<a@s.example>", "501 5.5.4")]
    [InlineData("MAIL", "501 5.5.4")]
    [InlineData("MAIL FROM:<a>", "501 5.1.7")]
    [InlineData("MAIL FROM:<@x.example:a@s.example>", "501 5.1.7")]
    public async Task Mail_IsTakenOrRefused(string command, string reply)
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        await session.AskAsync("EHLO c.example");

        Assert.Equal(reply, (await session.AskAsync(command))[..9]);
    }

    [Fact]
    public async Task Mail_ParametersAfterHelo_AreNotKnown()
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        await session.AskAsync("HELO c.example");

        Assert.StartsWith("555", await session.AskAsync("MAIL FROM:<a@s.example> SIZE=1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RCPT TO:<b@r.example>", "250 2.1.5")]
    [InlineData("rcpt to: <b@r.example>", "250 2.1.5")]
    [InlineData("RCPT TO:<PostMaster>", "250 2.1.5")]
    [InlineData("RCPT TO:<b@refused.example>", "550 5.7.1")]
    [InlineData("RCPT TO:<>", "501 5.1.3")]
    [InlineData("RCPT TO:<b>", "501 5.1.3")]
    [InlineData("RCPT TO:<b@r.example> FOO=1", "555 5.5.4")]
    [InlineData("RCPT TO:<b@r.example>,<c@r.example>", "501 5.5.4")]
    [InlineData("RCPT TO:<j\u00c3\u00b6@r.example>", "553 5.6.7")]
    public async Task Rcpt_IsTakenOrRefused(string command, string reply)
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        await session.AskAsync("EHLO c.example");
        await session.AskAsync("MAIL FROM:<a@s.example>");

        Assert.Equal(reply, (await session.AskAsync(command))[..9]);
    }

    [Fact]
    public async Task Rcpt_OverTheLimit_IsForAnotherTransaction()
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        await session.AskAsync("EHLO c.example");
        await session.AskAsync("MAIL FROM:<a@s.example>");
        for (var i = 0; i < session.Options.MaxRecipients; i++)
        {
            Assert.StartsWith("250", await session.AskAsync($"RCPT TO:<r{i}@r.example>"), StringComparison.Ordinal);
        }

        Assert.StartsWith("452 4.5.3", await session.AskAsync("RCPT TO:<last@r.example>"), StringComparison.Ordinal);
    }

    /// <summary>
    /// Refused, or one recipient of exactly the domain behind the last unquoted @. An address with a CRLF is two lines, as
    /// any client may send them; it is a client library's fault, and here no line but a whole, legal one is a recipient.
    /// </summary>
    [Fact]
    public async Task Rcpt_AttackAddresses_AreRefusedOrCarriedAsOneRecipient()
    {
        using var json = TestData.Json("attack-vectors/addresses.json");
        var addresses = json.RootElement.GetProperty("addresses").EnumerateArray().Where(element => element.ValueKind == JsonValueKind.String).Select(element => element.GetString()!);
        foreach (var address in addresses.Where(address => !address.Contains("\r\n", StringComparison.Ordinal)))
        {
            await using var session = new MemorySession(SmtpRole.Inbound);
            await session.AskAsync("EHLO c.example");
            await session.AskAsync("MAIL FROM:<a@s.example> SMTPUTF8");
            session.Replies();
            await session.SendAsync(Encoding.UTF8.GetBytes($"RCPT TO:<{address}>\r\n"));

            var replies = session.Replies().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            var reply = Assert.Single(replies);
            if (!reply.StartsWith("250", StringComparison.Ordinal))
            {
                Assert.StartsWith("5", reply, StringComparison.Ordinal);
                continue;
            }

            var recipient = Assert.Single(session.Session.Envelope!.Recipients);
            var domain = address[(address.LastIndexOf('@') + 1)..].TrimEnd('.');
            var expected = address == "postmaster" ? "edge.example" : Ascii.IsValid(domain) ? domain : recipient.Domain;
            Assert.Equal(expected, recipient.Domain);
            var local = address == "postmaster" ? address : address[..address.LastIndexOf('@')];
            Assert.Equal(local.Trim('"'), recipient.LocalPart.Trim('"'));
        }
    }
}
