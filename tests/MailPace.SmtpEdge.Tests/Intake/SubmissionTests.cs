using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Intake;

/// <summary>Submission as customers meet it: real intake, real JetStream, the API's words.</summary>
public sealed class SubmissionTests
{
    private const string Message = "From: Anna <anna@s.example>\r\nTo: bea@r.example\r\nCc: cid@r.example\r\nBcc: hidden@r.example\r\nSubject: Hello\r\nMessage-ID: <1@s.example>\r\nDate: Tue, 24 Nov 2026 05:00:00 +0000\r\nX-MailPace-Tags: a, b\r\n";

    [Fact]
    public async Task Message_Accepted_IsInMailAsSubmitted()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();

        var reply = await SendAsync(client, Message + "\r\nbody\r\n", "bea@r.example", "cid@r.example", "hidden@r.example", "bea@r.example");

        var (email, text) = Assert.Single(await edge.StoredAsync());
        Assert.Equal($"250 2.0.0 OK: queued as {email.Id}", reply);
        Assert.Equal(EmailSource.Smtp, email.Source);
        Assert.Equal("bounce@elsewhere.example", email.ReversePath);
        Assert.Equal("anna@s.example", email.HeaderFrom);
        Assert.Equal("<1@s.example>", email.MessageId);
        Assert.Equal(["a", "b"], email.Tags);
        Assert.Equal([new("bea@r.example", RecipientKind.To), new("cid@r.example", RecipientKind.Cc), new("hidden@r.example", RecipientKind.Bcc)], email.Recipients);
        Assert.StartsWith("Received: from authenticated-client\r\n\tby edge.example with ESMTPSA id ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bcc", text, StringComparison.Ordinal);
        Assert.DoesNotContain("X-MailPace", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\nMessage-ID: <1@s.example>\r\nDate: Tue, 24 Nov 2026 05:00:00 +0000\r\n\r\nbody\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithDsnParameters_HasThemInItsFacts()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();
        await client.AskAsync("MAIL FROM:<a@s.example> RET=FULL ENVID=a+2Bb");
        await client.AskAsync("RCPT TO:<bea@r.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+3D@r.example");
        var message = Message + "\r\nbody\r\n";
        await client.SendAsync($"BDAT {message.Length} LAST\r\n{message}");

        Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);

        var (email, text) = Assert.Single(await edge.StoredAsync());
        Assert.Equal((DsnReturn.Full, "a+b"), (email.DsnReturn, email.EnvelopeId));
        var recipient = Assert.Single(email.Recipients);
        Assert.Equal((DsnNotify.Success | DsnNotify.Delay, "rfc822;b=@r.example"), (recipient.Notify, recipient.OriginalRecipient));
        Assert.EndsWith("\r\nbody\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithIdempotencyKey_IsStoredOnce()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();
        const string Keyed = Message + "X-MailPace-Idempotency-Key: k\r\n\r\nbody\r\n";

        var first = await SendAsync(client, Keyed, "bea@r.example");
        var repeat = await SendAsync(client, Keyed, "bea@r.example");
        var other = await SendAsync(client, Keyed + "more\r\n", "bea@r.example");

        Assert.StartsWith("250", first, StringComparison.Ordinal);
        Assert.Equal(first, repeat);
        Assert.Equal("554 5.5.0 Idempotency-Key was used with a different request", other);
        Assert.Single(await edge.StoredAsync());
    }

    [Fact]
    public async Task Message_RepeatedAfterTheDomainLostItsVerification_GetsTheFirstReply()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();
        const string Keyed = Message + "X-MailPace-Idempotency-Key: k\r\n\r\nbody\r\n";
        var first = await SendAsync(client, Keyed, "bea@r.example");
        await edge.PutAccountAsync(OrganisationStatus.Active, dkimVerified: false);

        Assert.StartsWith("250", first, StringComparison.Ordinal);
        Assert.Equal(first, await SendAsync(client, Keyed, "bea@r.example"));
        Assert.StartsWith("5", await SendAsync(client, Message + "\r\nbody\r\n", "bea@r.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_TooLargeForABundle_IsInTheBlobStore()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();
        var line = new string('x', 76) + "\r\n";

        var reply = await SendAsync(client, Message + "\r\n" + string.Concat(Enumerable.Repeat(line, 20_000)), "bea@r.example");

        var (email, text) = Assert.Single(await edge.StoredAsync());
        Assert.Equal($"250 2.0.0 OK: queued as {email.Id}", reply);
        Assert.NotNull(email.BlobKey);
        Assert.True(email.Size > 20_000 * line.Length);
        Assert.Empty(text);
    }

    [Theory]
    [InlineData("From: x@other.example\r\n\r\n", "550 5.7.1 Verified domain does not match domain in From address of email")]
    [InlineData("From: x@sub.s.example\r\n\r\n", "550 5.7.1 Verified domain does not match domain in From address of email")]
    [InlineData("Subject: x\r\n\r\n", "550 5.6.0 Email from address not parseable")]
    [InlineData("From: a@s.example\r\nFrom: a@s.example\r\n\r\n", "550 5.6.0 Email from address not parseable")]
    public async Task Message_Refused_HasTheApisWords(string message, string reply)
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();

        Assert.Equal(reply, await SendAsync(client, message, "bea@r.example"));
        Assert.Empty(await edge.StoredAsync());
    }

    [Fact]
    public async Task Recipient_Blocked_IsRefusedAtRcpt()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await edge.SuppressAsync("blocked@r.example");
        await using var client = await edge.LogInAsync();
        await client.AskAsync("MAIL FROM:<>");

        Assert.StartsWith("550 5.7.1", await client.AskAsync("RCPT TO:<blocked@r.example>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("RCPT TO:<bea@r.example>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auth_WrongUnknownAndUneven_HaveTheSameWords()
    {
        await using var edge = await EdgeOnNats.StartAsync(("SmtpEdge:MaxAuthenticationFailures", "10"), ("SmtpEdge:AuthenticationDelay", "0"));
        await using var client = await SecureAsync(edge);

        var answers = new[] { ("mp_x", "mp_x"), (edge.Token, "mp_x"), ("mp_x", edge.Token), ("", edge.Token), ("", "") };
        foreach (var (userName, password) in answers)
        {
            Assert.Equal("535 5.7.8 Invalid API Token", await client.AskAsync("AUTH PLAIN " + EdgeOnNats.Plain(userName, password)));
        }
    }

    [Theory]
    [InlineData(OrganisationStatus.Suspended, true, "This organization is unable to send emails. Please contact support")]
    [InlineData(OrganisationStatus.NoPlan, true, "The organization that owns this domain does not have an active plan")]
    [InlineData(OrganisationStatus.Active, false, "Domain DKIM DNS not verified, please complete DKIM Verification")]
    public async Task Auth_OfAnAccountThatMayNotSend_SaysWhy(OrganisationStatus status, bool dkimVerified, string words)
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await edge.PutAccountAsync(status, dkimVerified);
        await using var client = await SecureAsync(edge);

        Assert.Equal("535 5.7.1 " + words, await client.AskAsync("AUTH PLAIN " + EdgeOnNats.Plain(edge.Token, edge.Token)));
    }

    [Fact]
    public async Task Rate_Exceeded_IsDeferredAtMail()
    {
        await using var edge = await EdgeOnNats.StartAsync(("Intake:EmailsPerSecond", "1"), ("Intake:Burst", "1"));
        await using var client = await edge.LogInAsync();
        Assert.StartsWith("250", await client.AskAsync("MAIL FROM:<>"), StringComparison.Ordinal);
        await client.AskAsync("RSET");

        Assert.Equal("451 4.7.1 You are sending emails too quickly", await client.AskAsync("MAIL FROM:<>"));
    }

    [Fact]
    public async Task Message_WhileJetStreamIsDown_IsDeferredAndLaterAccepted()
    {
        await using var edge = await EdgeOnNats.StartAsync(("Publish:Deadline", "00:00:02"), ("Publish:AckTimeout", "00:00:01"));
        await using var client = await edge.LogInAsync();
        Assert.StartsWith("250", await SendAsync(client, Message + "\r\nbody\r\n", "bea@r.example"), StringComparison.Ordinal);

        await edge.Nats.Kill9Async();
        Assert.StartsWith("451 4.3.0", await SendAsync(client, Message + "\r\nbody\r\n", "bea@r.example"), StringComparison.Ordinal);
        Assert.StartsWith("451 4.3.0", await client.AskAsync("MAIL FROM:<>"), StringComparison.Ordinal); // at once, nothing waits again
        await edge.Nats.StartAgainAsync();

        await Eventually.TrueAsync(async () =>
        {
            await using var next = await edge.LogInAsync();
            return (await next.AskAsync("MAIL FROM:<>")).StartsWith("250", StringComparison.Ordinal);
        });
        Assert.StartsWith("250", await SendAsync(client, Message + "\r\nlast\r\n", "bea@r.example"), StringComparison.Ordinal);
    }

    private static async Task<RawClient> SecureAsync(EdgeOnNats edge)
    {
        var client = await RawClient.ConnectAsync(edge.Server.EndPoints[0].Address);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");
        await client.AskAsync("STARTTLS");
        await client.StartTlsAsync();
        await client.AskAsync("EHLO c.example");
        return client;
    }

    private static async Task<string> SendAsync(RawClient client, string message, params string[] recipients)
    {
        Assert.StartsWith("250", await client.AskAsync("MAIL FROM:<bounce@elsewhere.example>"), StringComparison.Ordinal);
        foreach (var recipient in recipients)
        {
            Assert.StartsWith("250", await client.AskAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        }

        Assert.StartsWith("354", await client.AskAsync("DATA"), StringComparison.Ordinal);
        return await client.AskAsync(message + ".");
    }
}
