using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.SmtpEdge.Tests.Session;

public sealed class TimeoutTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Command_NotComingInTime_EndsTheSession()
    {
        await using var session = new MemorySession(SmtpRole.Inbound, time: _time);
        session.Replies();
        Pass(session, TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Equal("", session.Replies());

        Pass(session, TimeSpan.FromSeconds(1));

        Assert.Equal("421 4.4.2 Timed out waiting for the client\r\n", session.Replies());
        Assert.True(session.HasEnded);
    }

    [Fact]
    public async Task Command_DrippingOctets_GetsNoMoreTime()
    {
        await using var session = new MemorySession(SmtpRole.Inbound, time: _time);
        session.Replies();
        for (var i = 0; i < 5; i++)
        {
            Pass(session, TimeSpan.FromMinutes(1));
            await session.SendAsync("N");
        }

        Assert.StartsWith("421 4.4.2", session.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_SilentForTooLong_EndsTheSessionWithoutAMessage()
    {
        await using var session = await InDataAsync();
        await session.SendAsync("half a message\r\n");

        Pass(session, TimeSpan.FromMinutes(3));

        Assert.StartsWith("421 4.4.2", session.Replies(), StringComparison.Ordinal);
        Assert.Empty(session.Intake.Messages);
        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Fact]
    public async Task Chunk_SilentForTooLong_EndsTheSessionWithoutAMessage()
    {
        await using var session = await InTransactionAsync();
        await session.SendAsync("BDAT 1000\r\nhalf a chunk\r\n");

        Pass(session, TimeSpan.FromMinutes(3));

        Assert.StartsWith("421 4.4.2", session.Replies(), StringComparison.Ordinal);
        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Fact]
    public async Task Chunks_Dripping_EndAtTheMessagesOwnTime()
    {
        await using var session = await InTransactionAsync();
        for (var i = 0; i < 10; i++)
        {
            Assert.False(session.HasEnded);
            await session.SendAsync("BDAT 1\r\nx");
            Pass(session, TimeSpan.FromMinutes(3));
        }

        Assert.EndsWith("421 4.4.2 Timed out waiting for the client\r\n", session.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_Dripping_EndsAtTheMessagesOwnTime()
    {
        await using var session = await InDataAsync(new SmtpEdgeOptions { MinDataRate = 0 });
        for (var i = 0; i < 15; i++)
        {
            await session.SendAsync("x\r\n");
            Pass(session, TimeSpan.FromMinutes(2));
        }

        Assert.StartsWith("421 4.4.2", session.Replies(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DATA\r\n")]
    [InlineData("BDAT 1000000\r\n")]
    public async Task Message_SlowerThanTheLeastRate_EndsTheSession(string command)
    {
        await using var session = await InTransactionAsync(new SmtpEdgeOptions { MinDataRate = 10, DataTimeout = TimeSpan.FromMinutes(1) });
        await session.SendAsync(command + "Subject: x\r\n");
        for (var i = 0; i < 4; i++) // 150 octets each 15 seconds: just fast enough
        {
            await session.SendAsync(new string('x', 148) + "\r\n");
            Pass(session, TimeSpan.FromSeconds(15));
        }

        Assert.False(session.HasEnded);
        for (var i = 0; i < 4; i++)
        {
            await session.SendAsync(new string('x', 138) + "\r\n");
            Pass(session, TimeSpan.FromSeconds(15));
        }

        Assert.EndsWith("421 4.4.2 Timed out waiting for the client\r\n", session.Replies(), StringComparison.Ordinal);
        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Fact]
    public async Task Session_LastingTooLong_IsAskedToComeAgain()
    {
        await using var session = new MemorySession(SmtpRole.Inbound, new SmtpEdgeOptions { SessionTimeout = TimeSpan.FromMinutes(10) }, time: _time);
        for (var i = 0; i < 3; i++)
        {
            Pass(session, TimeSpan.FromMinutes(3));
            Assert.StartsWith("250", await session.AskAsync("NOOP"), StringComparison.Ordinal);
        }

        Pass(session, TimeSpan.FromMinutes(1));

        Assert.StartsWith("421 4.3.2", session.Replies(), StringComparison.Ordinal);
        Assert.True(session.HasEnded);
    }

    [Fact]
    public async Task Session_LastingTooLongWithinAMessage_EndsBehindIt()
    {
        await using var session = await InTransactionAsync(new SmtpEdgeOptions { SessionTimeout = TimeSpan.FromMinutes(10) });
        Pass(session, TimeSpan.FromMinutes(4));
        await session.AskAsync("NOOP");
        Pass(session, TimeSpan.FromMinutes(4));
        await session.AskAsync("DATA");
        Pass(session, TimeSpan.FromMinutes(2.5));

        Assert.Equal("250 2.0.0 OK: queued as 1\r\n421 4.3.2 Session has lasted its time, please connect again\r\n", await session.AskAsync("x\r\n."));
    }

    [Fact]
    public async Task Intake_TakingLong_IsNotTheClientsTime()
    {
        await using var session = await InDataAsync();
        var answer = new TaskCompletionSource<SmtpEdge.Protocol.SmtpReply>();
        session.Intake.Accept = _ => answer.Task;
        await session.SendAsync("x\r\n.\r\n");

        Pass(session, TimeSpan.FromHours(1));
        answer.SetResult(new SmtpEdge.Protocol.SmtpReply(250, "2.0.0", "OK: queued as 7"));

        Assert.Equal("250 2.0.0 OK: queued as 7\r\n", session.Replies());
    }

    [Fact]
    public async Task Handshake_NotComing_ClosesTheConnection()
    {
        await using var edge = await TestEdge.StartAsync(time: _time);
        await using var client = await RawClient.ConnectAsync(edge.Submissions);
        await using var other = await RawClient.ConnectAsync(edge.Inbound);
        await other.ReplyAsync();
        await Eventually.TrueAsync(() => edge.Server.SessionCount == 2);

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("", await client.ToEndRawAsync());
    }

    [Fact]
    public async Task IdleTlsSession_TimedOut_IsToldUnderTls()
    {
        await using var edge = await TestEdge.StartAsync(time: _time);
        await using var client = await RawClient.ConnectAsync(edge.Submissions);
        await client.StartTlsAsync();
        await client.ReplyAsync();

        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.StartsWith("421 4.4.2", await client.ToEndAsync(), StringComparison.Ordinal);
    }

    private void Pass(MemorySession session, TimeSpan time)
    {
        _time.Advance(time);
        session.Session.CheckDeadline();
    }

    private async Task<MemorySession> InDataAsync(SmtpEdgeOptions? options = null)
    {
        var session = await InTransactionAsync(options);
        await session.AskAsync("DATA");
        return session;
    }

    private async Task<MemorySession> InTransactionAsync(SmtpEdgeOptions? options = null)
    {
        var session = new MemorySession(SmtpRole.Inbound, options, time: _time);
        await session.AskAsync("EHLO c.example");
        await session.AskAsync("MAIL FROM:<a@s.example>");
        await session.AskAsync("RCPT TO:<b@r.example>");
        session.Replies();
        return session;
    }
}
