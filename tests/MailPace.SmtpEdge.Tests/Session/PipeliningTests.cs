using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Session;

public sealed class PipeliningTests
{
    [Fact]
    public async Task Transactions_InOneSegment_AreAnsweredInOneFlush()
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        session.Replies();
        const string Transaction = "MAIL FROM:<a@s.example>\r\nRCPT TO:<b@r.example>\r\nRCPT TO:<c@refused.example>\r\nDATA\r\nx\r\n.\r\n";

        await session.SendAsync("HELO c\r\n" + Transaction + Transaction + "QUIT\r\n");

        var codes = session.Replies().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line[..3]);
        Assert.Equal("250 250 250 550 354 250 250 250 550 354 250 221", string.Join(' ', codes));
        Assert.Equal(2, session.Intake.Messages.Count);
    }

    [Fact]
    public async Task Commands_AfterQuit_AreNotRead()
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        session.Replies();

        await session.SendAsync("EHLO c.example\r\nQUIT\r\nMAIL FROM:<a@s.example>\r\n");

        Assert.EndsWith("221 2.0.0 Bye\r\n", session.Replies(), StringComparison.Ordinal);
        Assert.True(session.HasEnded);
    }

    [Fact]
    public async Task Data_WithoutTransaction_LeavesTheMessageAsCommands()
    {
        await using var session = new MemorySession(SmtpRole.Submission);
        session.Replies();

        await session.SendAsync("EHLO c.example\r\nMAIL FROM:<a@s.example>\r\nRCPT TO:<b@r.example>\r\nDATA\r\nSubject: x\r\n.\r\n");

        Assert.EndsWith("530 5.7.0 Must issue a STARTTLS command first\r\n500 5.5.1 Command not recognised\r\n500 5.5.1 Command not recognised\r\n", session.Replies(), StringComparison.Ordinal);
        Assert.Empty(session.Intake.Messages);
    }
}
