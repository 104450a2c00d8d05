using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Listening;

public sealed class StopTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_IdleSession_IsToldAndEnds(bool tls)
    {
        await using var edge = await TestEdge.StartAsync();
        await using var client = await RawClient.ConnectAsync(tls ? edge.Submissions : edge.Submission);
        if (tls)
        {
            await client.StartTlsAsync();
        }

        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");

        await edge.Server.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("421 4.3.2 Server is shutting down, please try again\n", await client.ToEndAsync());
        Assert.Equal(0, edge.Server.SessionCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_TransactionInFlight_Finishes(bool tls)
    {
        await using var edge = await TestEdge.StartAsync();
        await using var client = await RawClient.ConnectAsync(edge.Inbound);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");
        if (tls)
        {
            await client.AskAsync("STARTTLS");
            await client.StartTlsAsync();
            await client.AskAsync("EHLO c.example");
        }

        await client.AskAsync("MAIL FROM:<a@s.example>");

        var stop = edge.Server.StopAsync(TestContext.Current.CancellationToken);
        await client.AskAsync("RCPT TO:<b@r.example>");
        await client.AskAsync("DATA");
        var reply = await client.AskAsync("x\r\n.");
        await stop;

        Assert.StartsWith("250", reply, StringComparison.Ordinal);
        Assert.StartsWith("421 4.3.2", await client.ToEndAsync(), StringComparison.Ordinal);
        Assert.Single(edge.Intake.Messages);
    }

    [Fact]
    public async Task Stop_GracePeriodOver_AbortsWhatStillRuns()
    {
        await using var edge = await TestEdge.StartAsync();
        edge.Intake.Accept = async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return Replies.Ok;
        };
        await using var client = await RawClient.ConnectAsync(edge.Inbound);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");
        await client.AskAsync("MAIL FROM:<a@s.example>");
        await client.AskAsync("RCPT TO:<b@r.example>");
        await client.AskAsync("DATA");
        await client.SendAsync("x\r\n.\r\n");

        using var grace = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await edge.Server.StopAsync(grace.Token);

        Assert.Empty(edge.Intake.Messages);
        Assert.Equal(0, edge.Server.SessionCount);
        Assert.DoesNotContain("250", await client.ToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Intake_Failing_IsAnsweredAsTransient()
    {
        await using var edge = await TestEdge.StartAsync();
        edge.Intake.Accept = _ => throw new InvalidOperationException("broken");
        await using var client = await RawClient.ConnectAsync(edge.Inbound);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");
        await client.AskAsync("MAIL FROM:<a@s.example>");
        await client.AskAsync("RCPT TO:<b@r.example>");
        await client.AskAsync("DATA");

        Assert.StartsWith("451 4.3.0", await client.AskAsync("x\r\n."), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
    }
}
