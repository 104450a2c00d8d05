using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Session;

public sealed class StartTlsTests
{
    [Fact]
    public async Task StartTls_OctetsBehindItInClear_EndTheSession()
    {
        await using var edge = await TestEdge.StartAsync();
        await using var client = await RawClient.ConnectAsync(edge.Submission);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");

        await client.SendAsync("STARTTLS\r\nEHLO injected.example\r\n");

        Assert.Equal("554 5.5.1 Nothing may follow STARTTLS before the answer to it\n", await client.ToEndAsync());
    }

    [Fact]
    public async Task StartTls_Done_ForgetsEhloAndChangesTheOffer()
    {
        await using var edge = await TestEdge.StartAsync();
        await using var client = await RawClient.ConnectAsync(edge.Submission);
        await client.ReplyAsync();
        var clear = await client.AskAsync("EHLO c.example");
        Assert.StartsWith("220", await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        await client.StartTlsAsync();

        Assert.StartsWith("503", await client.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
        var secure = await client.AskAsync("EHLO c.example");

        Assert.Equal("250-edge.example\n250-PIPELINING\n250-SIZE 31457280\n250-8BITMIME\n250-CHUNKING\n250-SMTPUTF8\n250-ENHANCEDSTATUSCODES\n250-LIMITS RCPTMAX=150\n250-DSN\n250 STARTTLS", clear);
        Assert.Equal("250-edge.example\n250-PIPELINING\n250-SIZE 31457280\n250-8BITMIME\n250-CHUNKING\n250-SMTPUTF8\n250-ENHANCEDSTATUSCODES\n250-LIMITS RCPTMAX=150\n250-DSN\n250 AUTH PLAIN LOGIN", secure);
        Assert.StartsWith("503", await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.0", await client.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartTls_WithArgument_IsRefused()
    {
        await using var edge = await TestEdge.StartAsync();
        await using var client = await RawClient.ConnectAsync(edge.Submission);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");

        Assert.StartsWith("501", await client.AskAsync("STARTTLS now"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartTls_HandshakeOfGarbage_EndsTheSession()
    {
        await using var edge = await TestEdge.StartAsync();
        await using var client = await RawClient.ConnectAsync(edge.Submission);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");
        await client.AskAsync("STARTTLS");

        await client.SendAsync("EHLO c.example\r\nMAIL FROM:<a@s.example>\r\n");

        Assert.DoesNotContain("250", await client.ToEndRawAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inbound_AfterTls_TakesMailAndSaysHowItCame()
    {
        await using var edge = await TestEdge.StartAsync();
        await using var client = await RawClient.ConnectAsync(edge.Inbound);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");
        await client.AskAsync("STARTTLS");
        await client.StartTlsAsync();
        await client.AskAsync("EHLO c.example");
        await client.AskAsync("MAIL FROM:<a@s.example>");
        await client.AskAsync("RCPT TO:<b@r.example>");
        await client.AskAsync("DATA");
        Assert.StartsWith("250 2.0.0 OK: queued as 1", await client.AskAsync("Subject: x\r\n\r\ny\r\n."), StringComparison.Ordinal);

        Assert.Equal("Subject: x\r\n\r\ny\r\n", Assert.Single(edge.Intake.Messages).Text);
        var trace = Assert.Single(edge.Intake.Traces);
        Assert.Contains("from c.example ([127.0.0.1])\r\n\tby edge.example with ESMTPS id ", trace, StringComparison.Ordinal);
        Assert.Contains("(using TLS1.3 with cipher ", trace, StringComparison.Ordinal);
        Assert.EndsWith("Thu, 1 Jan 1970 00:00:00 +0000\r\n", trace, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(edge.Intake.Sessions).Tls);
    }
}
