using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Intake.Inbound;

/// <summary>The inbound role as strangers meet it: real directory, real JetStream.</summary>
public sealed class InboundTests
{
    private const string Message = "Received: from a by b; Tue, 24 Nov 2026 05:00:00 +0000\r\nFrom: s@stranger.example\r\nSubject: Hello\r\n\r\nbody\r\n";

    [Fact]
    public async Task Bounce_ToAReturnPath_IsStoredWithWhatTheSessionKnows()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await ConnectAsync(edge, secure: true);
        var returnPath = edge.ReturnPath(4711, 2);

        var reply = await SendAsync(client, Message, "<>", returnPath.ToUpperInvariant());

        var (facts, text) = Assert.Single(await edge.InboundAsync());
        Assert.Equal($"250 2.0.0 OK: stored as {facts.Id}", reply);
        Assert.Equal((InboundKind.Bounce, "", "127.0.0.1", "c.example"), (facts.Kind, facts.ReversePath, facts.ClientAddress, facts.Helo));
        Assert.StartsWith("TLS1.", facts.TlsVersion, StringComparison.Ordinal);
        Assert.StartsWith("TLS_", facts.TlsCipher, StringComparison.Ordinal);
        var recipient = Assert.Single(facts.Recipients);
        Assert.Equal((4711L, 2), (recipient.EmailId, recipient.JobNumber));
        Assert.StartsWith($"Return-Path: <>\r\nReceived: from c.example ([127.0.0.1])\r\n\tby edge.example with ESMTPS id {facts.TransactionId}\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("+0000\r\n" + Message, text, StringComparison.Ordinal);
        Assert.Equal(text.Length, facts.Size);
    }

    [Fact]
    public async Task Message_ToAllKinds_IsStoredOnceForEachDestination()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await edge.PutInboundEndpointAsync("in.s.example", 7);
        await edge.PutInboundEndpointAsync("other.s.example", 8);
        await using var client = await ConnectAsync(edge, secure: false);

        var reply = await SendAsync(client, Message, "<s@stranger.example>", "x@in.s.example", edge.ReturnPath(1, 0), "y@IN.s.example", "reports@FBL.example", "z@other.s.example", "x@in.s.example");

        Assert.StartsWith("250", reply, StringComparison.Ordinal);
        var stored = (await edge.InboundAsync()).Select(static each => each.Facts).OrderBy(static each => each.Kind).ThenBy(static each => each.EndpointId).ToArray();
        Assert.Equal([InboundKind.Bounce, InboundKind.FeedbackReport, InboundKind.Mail, InboundKind.Mail], stored.Select(static each => each.Kind));
        Assert.Equal(["x@in.s.example", "y@in.s.example"], stored[2].Recipients.Select(static each => each.Address));
        Assert.Equal((1L, 2L, 7L), (stored[2].OrganisationId, stored[2].DomainId, stored[2].EndpointId));
        Assert.Equal(8, stored[3].EndpointId);
        Assert.Null(stored[0].EndpointId);
        Assert.Null(stored[3].TlsVersion);
        Assert.Equal(4, stored.Select(static each => each.Id).Distinct().Count());
    }

    [Fact]
    public async Task Message_TooLargeForABundle_IsInTheBlobStore()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await ConnectAsync(edge, secure: false);
        var large = Message + string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 10_000));

        Assert.StartsWith("250", await SendAsync(client, large, "<>", edge.ReturnPath(1, 0), "reports@fbl.example"), StringComparison.Ordinal);

        var stored = await edge.InboundAsync();
        Assert.All(stored, static each => Assert.Empty(each.Message));
        var key = Assert.Single(stored.Select(static each => each.Facts.BlobKey).Distinct());
        var text = await edge.BlobAsync(key!);
        Assert.StartsWith("Return-Path: <>\r\nReceived: ", text, StringComparison.Ordinal);
        Assert.EndsWith(large, text, StringComparison.Ordinal);
        Assert.All(stored, each => Assert.Equal(text.Length, each.Facts.Size));
    }

    [Theory]
    [InlineData("someone@foreign.example", "550 5.7.1 Relaying denied")]
    [InlineData("someone@s.example", "550 5.7.1 Relaying denied")] // sends with us, has no inbound host
    [InlineData("someone@sub.in.s.example", "550 5.7.1 Relaying denied")]
    [InlineData("someone%foreign.example@s.example", "550 5.7.1 Relaying denied")]
    [InlineData("foreign.example!someone@s.example", "550 5.7.1 Relaying denied")]
    [InlineData("\"someone@foreign.example\"@s.example", "550 5.7.1 Relaying denied")]
    [InlineData("@in.s.example:someone@foreign.example", "501 5.1.3 Bad address syntax in recipient")]
    [InlineData("postmaster", "550 5.7.1 Relaying denied")]
    [InlineData("someone@bounces.example", "550 5.1.1 No such recipient here")]
    [InlineData("other@fbl.example", "550 5.1.1 No such recipient here")]
    [InlineData("bounces+1-0-20000-aaaaaaaaaaaaaaaa@bounces.example", "550 5.1.1 No such recipient here")]
    [InlineData("bounces+1-0-20000-aaaaaaaaaaaaaaaa@mailer.s.example", "550 5.1.1 No such recipient here")]
    [InlineData("bounces+@foreign.example", "550 5.1.1 No such recipient here")]
    [InlineData("someone@[127.0.0.1]", "501 5.1.3 Bad address syntax in recipient")]
    [InlineData("someone", "501 5.1.3 Bad address syntax in recipient")]
    public async Task Recipient_ThatIsNobody_IsRefusedInTheSession(string recipient, string reply)
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await edge.PutInboundEndpointAsync("in.s.example", 7);
        await using var client = await ConnectAsync(edge, secure: false);
        await client.AskAsync("MAIL FROM:<s@stranger.example>");

        Assert.Equal(reply, await client.AskAsync($"RCPT TO:<{recipient}>"));

        Assert.StartsWith("503", await client.AskAsync("DATA"), StringComparison.Ordinal);
        Assert.Empty(await edge.InboundAsync());
    }

    [Theory]
    [InlineData(OrganisationStatus.Active, false)]
    [InlineData(OrganisationStatus.NoPlan, true)]
    [InlineData(OrganisationStatus.Suspended, true)]
    public async Task InboundHost_WithoutPlanOrVerification_TakesNothing(OrganisationStatus status, bool dkimVerified)
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await edge.PutInboundEndpointAsync("in.s.example", 7);
        await edge.PutAccountAsync(status, dkimVerified);
        await using var client = await ConnectAsync(edge, secure: false);
        await client.AskAsync("MAIL FROM:<s@stranger.example>");

        Assert.Equal("550 5.7.1 This domain takes no mail here at present", await client.AskAsync("RCPT TO:<x@in.s.example>"));
    }

    [Fact]
    public async Task InboundHost_ClosedBetweenRcptAndData_IsAskedForAgain()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await edge.PutInboundEndpointAsync("in.s.example", 7);
        await using var client = await ConnectAsync(edge, secure: false);
        await client.AskAsync("MAIL FROM:<s@stranger.example>");
        Assert.StartsWith("250", await client.AskAsync("RCPT TO:<x@in.s.example>"), StringComparison.Ordinal);
        await edge.PutAccountAsync(OrganisationStatus.Suspended, dkimVerified: true);
        await client.AskAsync("DATA");

        Assert.StartsWith("451 4.3.2", await client.AskAsync(Message + "."), StringComparison.Ordinal);

        Assert.Empty(await edge.InboundAsync());
    }

    [Fact]
    public async Task Message_ThatLoops_IsRefused()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await ConnectAsync(edge, secure: false);
        var looping = string.Concat(Enumerable.Repeat("Received: from a by b; Tue, 24 Nov 2026 05:00:00 +0000\r\n", 51)) + Message;

        Assert.Equal("554 5.4.6 Routing loop detected", await SendAsync(client, looping, "<>", edge.ReturnPath(1, 0)));

        Assert.Empty(await edge.InboundAsync());
    }

    [Fact]
    public async Task JetStreamGone_MessageIsAnswered451_AndTakenAfterwards()
    {
        await using var edge = await EdgeOnNats.StartAsync(("Publish:Deadline", "00:00:00.5"), ("Publish:AckTimeout", "00:00:00.2"));
        await using var client = await ConnectAsync(edge, secure: false);
        Assert.StartsWith("250", await SendAsync(client, Message, "<>", edge.ReturnPath(1, 0)), StringComparison.Ordinal);
        await edge.Nats.Kill9Async();

        Assert.StartsWith("451 4.3.0", await SendAsync(client, Message, "<>", edge.ReturnPath(2, 0)), StringComparison.Ordinal);

        Assert.StartsWith("451 4.3.2", await client.AskAsync("MAIL FROM:<>"), StringComparison.Ordinal); // at once, nothing waits again
        await edge.Nats.StartAgainAsync();
        await Eventually.TrueAsync(async () =>
        {
            await using var next = await ConnectAsync(edge, secure: false);
            return (await next.AskAsync("MAIL FROM:<>")).StartsWith("250", StringComparison.Ordinal);
        });
        Assert.StartsWith("250", await SendAsync(client, Message, "<>", edge.ReturnPath(3, 0)), StringComparison.Ordinal);
    }

    private static async Task<RawClient> ConnectAsync(EdgeOnNats edge, bool secure)
    {
        var client = await RawClient.ConnectAsync(edge.Server.EndPoints[1].Address);
        await client.ReplyAsync();
        Assert.DoesNotContain("AUTH", await client.AskAsync("EHLO c.example"), StringComparison.Ordinal);
        if (secure)
        {
            await client.AskAsync("STARTTLS");
            await client.StartTlsAsync();
            await client.AskAsync("EHLO c.example");
        }

        return client;
    }

    private static async Task<string> SendAsync(RawClient client, string message, string reversePath, params string[] recipients)
    {
        await client.AskAsync($"MAIL FROM:{reversePath}");
        foreach (var recipient in recipients)
        {
            Assert.StartsWith("250", await client.AskAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        }

        await client.AskAsync("DATA");
        return await client.AskAsync(message + ".");
    }
}
