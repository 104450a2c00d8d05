using MailPace.Contracts;
using MailPace.Storage.History;
using MailPace.Testing;

namespace MailPace.Bounce.Tests;

/// <summary>What comes back, from INBOUND to history.</summary>
public sealed class ReportTests(PostgresServerFixture postgres)
{
    [Fact]
    public async Task Report_ThatIsProven_BouncesItsRecipientAndNoOther()
    {
        await using var process = await BounceProcess.StartAsync(postgres);
        await process.DeliveredAsync(1, "gone@example.net", "fine@example.net");

        await process.ReceiveAsync(InboundKind.Bounce, process.ReturnPathOf(1), Dsn("failed", "gone@example.net", "5.1.1", "550 5.1.1 <gone@example.net>: user unknown"));

        var email = await ChangedAsync(process, 1);
        Assert.Equal([RecipientState.Bounced, RecipientState.Delivered], email.Recipients.Select(recipient => recipient.State));
        Assert.Equal((FaultOwner.Recipient, FaultReason.UnknownRecipient, FaultPermanence.Address), (email.Recipients[0].FaultOwner, email.Recipients[0].FaultReason, email.Recipients[0].FaultPermanence));
        Assert.Equal([RecipientState.Delivered, RecipientState.Bounced], email.Timeline.Where(entry => entry.Ordinal == 0).Select(entry => entry.State!.Value));
        Assert.Equal(EmailEventKind.Reported, email.Timeline[^1].Kind);
    }

    [Fact]
    public async Task Report_OfADelay_IsHistoryAndNoState()
    {
        await using var process = await BounceProcess.StartAsync(postgres);
        await process.DeliveredAsync(1, "slow@example.net");

        await process.ReceiveAsync(InboundKind.Bounce, process.ReturnPathOf(1), Dsn("delayed", "slow@example.net", "4.2.2", "452 4.2.2 mailbox full"));

        await Eventually.TrueAsync(async () => (await process.FindAsync(1))!.Timeline.Any(entry => entry is { Kind: EmailEventKind.Reported, State: RecipientState.Deferred }), "the delay stands in history");
        Assert.Equal(RecipientState.Delivered, (await process.FindAsync(1))!.Recipients[0].State);
    }

    [Fact]
    public async Task Complaint_ThatReturnsOurPath_ComplainsForIt()
    {
        await using var process = await BounceProcess.StartAsync(postgres);
        await process.DeliveredAsync(1, "annoyed@example.net");

        await process.ReceiveAsync(InboundKind.FeedbackReport, "fbl@mailpace.example", Arf(process.ReturnPathOf(1)));

        Assert.Equal(RecipientState.Complained, (await ChangedAsync(process, 1)).Recipients[0].State);
    }

    [Fact]
    public async Task Report_WithoutProof_ChangesNothing()
    {
        await using var process = await BounceProcess.StartAsync(postgres);
        await process.DeliveredAsync(1, "victim@example.net");
        await process.DeliveredAsync(2, "gone@example.net");
        var forged = process.ReturnPathOf(1).Replace("bounces+1-0-", "bounces+1-1-", StringComparison.Ordinal);

        await process.ReceiveAsync(InboundKind.Bounce, forged, Dsn("failed", "victim@example.net", "5.1.1", "550 5.1.1 user unknown"));
        await process.ReceiveAsync(InboundKind.FeedbackReport, "fbl@mailpace.example", Arf(forged));
        await process.ReceiveAsync(InboundKind.FeedbackReport, "fbl@mailpace.example", Dsn("failed", "victim@example.net", "5.1.1", "550 5.1.1 user unknown"));

        // With the proof of one email a report can't speak of another's recipient.
        await process.ReceiveAsync(InboundKind.Bounce, process.ReturnPathOf(2), Dsn("failed", "victim@example.net", "5.1.1", "550 5.1.1 user unknown"));

        await ChangedAsync(process, 2);
        Assert.Equal(RecipientState.Delivered, (await process.FindAsync(1))!.Recipients[0].State);
    }

    private static async Task<EmailHistory> ChangedAsync(BounceProcess process, long id)
    {
        await Eventually.TrueAsync(async () => (await process.FindAsync(id))!.Recipients.Any(recipient => recipient.State != RecipientState.Delivered), "the report stands in history");
        return (await process.FindAsync(id))!;
    }

    private static string Dsn(string action, string recipient, string status, string diagnostic) => $"""
        Return-Path: <>
        From: MAILER-DAEMON@mx.example.net
        Subject: Undelivered Mail
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        It didn't work out.

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.net

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {diagnostic}

        --b--
        """;

    private static string Arf(string returnPath) => $"""
        From: feedback@provider.example
        Subject: complaint
        Content-Type: multipart/report; report-type=feedback-report; boundary="b"

        --b
        Content-Type: text/plain

        Abuse.

        --b
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: Provider/1.0
        Version: 1

        --b
        Content-Type: message/rfc822

        Return-Path: <{returnPath}>
        From: sender@acme.example
        To: redacted@provider.example
        Subject: hello

        hello
        --b--
        """;
}
