using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Session;

public sealed class LimitsTests
{
    [Fact]
    public async Task Message_OverTheLimitAndNotDeclared_IsRefusedOnceAndTheSessionGoesOn()
    {
        await using var session = await InDataAsync(new SmtpEdgeOptions { MaxMessageSize = 64 * 1024 });
        var line = new string('x', 76) + "\r\n";
        for (var i = 0; i < 2000; i++)
        {
            await session.SendAsync(line);
        }

        Assert.Equal("", session.Replies());
        Assert.Equal(0, session.Services.Budget.Taken);
        Assert.StartsWith("552 5.3.4", await session.AskAsync("."), StringComparison.Ordinal);
        Assert.StartsWith("250", await session.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
        Assert.Empty(session.Intake.Messages);
    }

    [Fact]
    public async Task Message_AtTheLimit_IsAccepted()
    {
        await using var session = await InDataAsync(new SmtpEdgeOptions { MaxMessageSize = 64 * 1024 });
        await session.SendAsync(new string('x', (64 * 1024) - 2));

        Assert.StartsWith("250", await session.AskAsync("\r\n."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_OverTheMemoryOfAll_AreDeferred()
    {
        await using var session = await InDataAsync(new SmtpEdgeOptions { MaxBufferedSize = 1024 * 1024 });
        await session.SendAsync("\r\n");
        var chunk = new string('x', 1022) + "\r\n";
        for (var i = 0; i < 2000; i++)
        {
            await session.SendAsync(chunk);
        }

        Assert.StartsWith("452 4.3.1", await session.AskAsync("."), StringComparison.Ordinal);
        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Theory]
    [InlineData("DATA", 0, "552 5.3.4 Message header is too large")]
    [InlineData("BDAT 40000 LAST", 0, "552 5.3.4 Message header is too large")]
    [InlineData("DATA", 10_000, "250 2.0.0")] // the octets behind the empty line aren't the header's
    public async Task Header_OverTheLimit_IsRefusedAndTheSessionGoesOn(string command, int emptyLineAt, string reply)
    {
        await using var session = await InTransactionAsync(new SmtpEdgeOptions { MaxHeaderSize = 16 * 1024 });
        session.Replies();
        await session.SendAsync(command + "\r\n");
        var line = "X-Flood: " + new string('x', 89) + "\r\n";
        for (var octets = 0; octets < 40_000; octets += line.Length)
        {
            await session.SendAsync(octets == emptyLineAt && emptyLineAt > 0 ? "\r\n" + line[2..] : line);
        }

        if (command == "DATA")
        {
            await session.SendAsync(".\r\n");
        }

        Assert.Contains(reply, session.Replies(), StringComparison.Ordinal);
        Assert.Equal(0, session.Services.Budget.Taken);
        Assert.StartsWith("250", await session.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, "250 2.0.0")]
    [InlineData(1001, "550 5.6.0 Message holds a line that is too long")]
    public async Task MessageLine_OverTheLimit_IsRefused(int octets, string reply)
    {
        await using var session = await InDataAsync(new SmtpEdgeOptions { MaxMessageLine = 1000 });
        await session.SendAsync("Subject: x\r\n\r\n");
        await session.SendAsync(new string('x', 500));

        Assert.StartsWith(reply, await session.AskAsync(new string('x', octets - 502) + "\r\n."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessageLine_WithoutALimit_IsAsLongAsTheMessageMayBe()
    {
        await using var session = await InDataAsync(new SmtpEdgeOptions());
        await session.SendAsync("Subject: x\r\n\r\n");

        Assert.StartsWith("250", await session.AskAsync(new string('x', 1024 * 1024) + "\r\n."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_WithoutEnd_CostsNoMemoryAndOneReply()
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        session.Replies();
        var chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'x');
        for (var i = 0; i < 200; i++)
        {
            await session.SendAsync(chunk);
            Assert.True(session.Session.Input.Unread.Length <= session.Options.MaxExtendedCommandLine);
        }

        Assert.Equal("500 5.5.2 Line too long\r\n", session.Replies());
        Assert.Equal("", await session.AskAsync(""));
        Assert.StartsWith("250", await session.AskAsync("NOOP"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOOP ", 512, "250")]
    [InlineData("NOOP ", 513, "500")]
    [InlineData("MAIL FROM:<a@s.example> AUTH=", 4096, "250")]
    [InlineData("MAIL FROM:<a@s.example> AUTH=", 4097, "500")]
    public async Task Line_AtItsLimit_IsTakenAndOneOctetMoreNot(string start, int octets, string reply)
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        await session.AskAsync("EHLO c.example");

        Assert.StartsWith(reply, await session.AskAsync(start + new string('x', octets - 2 - start.Length)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_TooMany_EndTheSession()
    {
        await using var session = new MemorySession(SmtpRole.Inbound, new SmtpEdgeOptions { MaxErrorsPerMessage = 2 });
        await session.AskAsync("FOO");
        await session.AskAsync("FOO");

        Assert.EndsWith("421 4.7.0 Too many errors in this session\r\n", await session.AskAsync("FOO"), StringComparison.Ordinal);
        Assert.True(session.HasEnded);
    }

    [Fact]
    public async Task Commands_TooManyWithoutAMessage_EndTheSession()
    {
        await using var session = new MemorySession(SmtpRole.Inbound, new SmtpEdgeOptions { MaxCommandsPerMessage = 10 });
        for (var i = 0; i < 10; i++)
        {
            Assert.StartsWith("250", await session.AskAsync("NOOP"), StringComparison.Ordinal);
        }

        Assert.EndsWith("421 4.7.0 Too many commands without a message\r\n", await session.AskAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_OverTheLimitOfAnAddress_AreTurnedAway()
    {
        await using var edge = await TestEdge.StartAsync(options => options.MaxConnectionsPerAddress = 2);
        await using var first = await RawClient.ConnectAsync(edge.Inbound);
        await using var second = await RawClient.ConnectAsync(edge.Inbound);
        await first.ReplyAsync();
        await second.ReplyAsync();
        await using var third = await RawClient.ConnectAsync(edge.Inbound);

        Assert.Equal("421 4.7.0 Too many connections from your address\n", await third.ToEndAsync());

        await first.AskAsync("QUIT");
        await first.ToEndAsync();
        Assert.StartsWith("220", await ConnectWhenFreeAsync(edge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_OverTheLimitOfAll_AreTurnedAway()
    {
        await using var edge = await TestEdge.StartAsync(options => options.MaxConnections = 1);
        await using var first = await RawClient.ConnectAsync(edge.Submission);
        await first.ReplyAsync();
        await using var second = await RawClient.ConnectAsync(edge.Inbound);

        Assert.Equal("421 4.3.2 Too many connections, please try again later\n", await second.ToEndAsync());
    }

    /// <summary>The place is free once the server has closed its side, a moment after the client saw the end.</summary>
    private static async Task<string> ConnectWhenFreeAsync(TestEdge edge)
    {
        while (true)
        {
            await using var client = await RawClient.ConnectAsync(edge.Inbound);
            var greeting = await client.ReplyAsync();
            if (!greeting.StartsWith("421", StringComparison.Ordinal))
            {
                return greeting;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task<MemorySession> InDataAsync(SmtpEdgeOptions options)
    {
        var session = await InTransactionAsync(options);
        Assert.StartsWith("354", await session.AskAsync("DATA"), StringComparison.Ordinal);
        return session;
    }

    private static async Task<MemorySession> InTransactionAsync(SmtpEdgeOptions options)
    {
        var session = new MemorySession(SmtpRole.Inbound, options);
        await session.AskAsync("EHLO c.example");
        await session.AskAsync("MAIL FROM:<a@s.example>");
        await session.AskAsync("RCPT TO:<b@r.example>");
        return session;
    }
}
