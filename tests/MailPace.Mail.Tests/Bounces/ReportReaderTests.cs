using System.Globalization;
using System.Text;
using MailPace.Contracts;
using MailPace.Mail.Bounces;

namespace MailPace.Mail.Tests.Bounces;

public sealed class ReportReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_SeveralRecipients_EachHasItsOwnFate()
    {
        var report = await ReadAsync("""
            From: MAILER-DAEMON@mx.example.net
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: text/plain

            This is the mail system at host mx.example.net.

            <gone@example.com>: host mx.example.com[192.0.2.1] said: 550 5.1.1 <gone@example.com>:
                Recipient address rejected: User unknown (in reply to RCPT TO command)

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.net

            Final-Recipient: rfc822; gone@example.com
            Original-Recipient: rfc822;alias@example.org
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; mx.example.com
            Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: Recipient address
                rejected: User unknown

            Final-Recipient: rfc822; full@example.com
            Action: delayed
            Status: 4.2.2

            Final-Recipient: rfc822; ok@example.com
            Action: relayed (to a host without DSN)
            Status: 2.0.0
            --b
            Content-Type: text/rfc822-headers

            Message-ID: <1@example.org>
            --b--
            """);

        Assert.Equal(ReportKind.DeliveryStatus, report.Kind);
        Assert.Equal(["gone@example.com", "full@example.com", "ok@example.com"], report.Recipients.Select(r => r.Address));
        Assert.Equal([ReportedAction.Failed, ReportedAction.Delayed, ReportedAction.Relayed], report.Recipients.Select(r => r.Action));
        Assert.Equal(("alias@example.org", "mx.example.com", true), (report.Recipients[0].OriginalAddress, report.Recipients[0].RemoteHost, report.Recipients[0].Fault!.MaySuppress));
        Assert.Equal((550, "5.1.1"), (report.Recipients[0].Reply.Code, report.Recipients[0].Reply.Enhanced));
        Assert.Equal((FaultReason.MailboxFull, FaultPermanence.Transient), (report.Recipients[1].Fault!.Reason, report.Recipients[1].Fault!.Permanence));
        Assert.Null(report.Recipients[2].Fault);
        Assert.Equal("<1@example.org>", report.Returned?["message-id"]);
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied\nSubject: Re: your order")]
    [InlineData("Subject: Out of Office: back on Monday")]
    [InlineData("Subject: Automatische Antwort: Hallo")]
    [InlineData("X-Autoreply: yes\nSubject: Hello")]
    public async Task ReadAsync_AutomaticAnswer_IsNoReport(string fields)
    {
        var report = await ReadAsync($"From: a@example.com\n{fields}\n\nI'm away. Write to b@example.com.\n\nMailbox full of joy.\n");

        Assert.Equal(ReportKind.AutoReply, report.Kind);
    }

    [Fact]
    public async Task ReadAsync_PersonsReply_IsNoReport()
        => Assert.Equal(ReportKind.None, (await ReadAsync("From: a@example.com\nSubject: Re: your offer\n\nuser unknown\n<b@example.com>:\n550 5.1.1 no such user\n")).Kind);

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("From: MAILER-DAEMON@x\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n:::\n\n;;;\n")]
    [InlineData("Content-Type: message/feedback-report\n\nnonsense\n")]
    public async Task ReadAsync_Nonsense_NamesNobody(string mail)
        => Assert.Empty((await ReadAsync(mail)).Recipients);

    /// <summary>Hostile shapes: many recipients, many parts, deep nesting, endless lines.</summary>
    [Theory]
    [InlineData("recipients")]
    [InlineData("headings")]
    [InlineData("parts")]
    [InlineData("nesting")]
    [InlineData("line")]
    [InlineData("fields")]
    [InlineData("transcript")]
    public async Task ReadAsync_HostileReport_TakesNoTime(string shape)
    {
        const string Head = "From: MAILER-DAEMON@example.net\nSubject: failure notice\n";
        const string Status = Head + "Content-Type: message/delivery-status\n\n";
        var mail = shape switch
        {
            "recipients" => Status + Repeat(20_000, n => $"Final-Recipient: rfc822; u{n}@example.com\nAction: failed\n\n"),
            "headings" => Head + "\n" + Repeat(50_000, n => $"<u{n}@example.com>:\n"),
            "parts" => Head + "Content-Type: multipart/mixed; boundary=b\n\n" + Repeat(50_000, _ => "--b\n\nx@example.com\n"),
            "nesting" => Head + "Content-Type: multipart/mixed; boundary=b0\n\n" + Repeat(10_000, n => $"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n"),
            "line" => Head + "\n<a@example.com>: " + new string('@', 2_000_000),
            "fields" => Status + "Final-Recipient: rfc822; a@example.com\n" + Repeat(100_000, n => $" folded {n}\n"),
            _ => Status + Repeat(200, n => $"Final-Recipient: rfc822; u{n}@example.com\n\n") + Repeat(50_000, n => $">>> RCPT TO:<u{n}@example.com>\n<<< 550 no\n"),
        };

        var (report, taken) = await Fastest.OfAsync(() => ReadAsync(mail));

        Assert.InRange(taken, TimeSpan.Zero, Fastest.Limit);
        Assert.InRange(report.Recipients.Count, 0, 100);
    }

    private static string Repeat(int count, Func<int, string> piece)
    {
        var text = new StringBuilder();
        for (var n = 0; n < count; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{piece(n)}");
        }

        return text.ToString();
    }

    private static async Task<IncomingReport> ReadAsync(string mail)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(mail));
        return await ReportReader.ReadAsync(content, Token);
    }
}
