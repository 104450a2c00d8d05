using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailPace.SmtpEdge.Tests.Harness;
using MimeKit;

namespace MailPace.SmtpEdge.Tests.Listening;

/// <summary>A client that others use, end to end over real sockets.</summary>
public sealed class MailKitTests
{
    [Theory]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    public async Task Send_Utf8WithAttachment_ArrivesAsSubmitted(SecureSocketOptions security)
    {
        await using var edge = await TestEdge.StartAsync();
        var message = Message();
        using var client = Client();
        var cancellationToken = TestContext.Current.CancellationToken;

        await client.ConnectAsync("127.0.0.1", Port(edge, security), security, cancellationToken);
        await client.AuthenticateAsync(RecordingIntake.Token, RecordingIntake.Token, cancellationToken);
        var answer = await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);

        Assert.Equal("2.0.0 OK: queued as 1", answer);
        var stored = Assert.Single(edge.Intake.Messages);
        Assert.Equal("anna@s.example", stored.ReversePath);
        Assert.Equal("bea@r.example,hidden@r.example", stored.Recipients);
        using var received = new MemoryStream(System.Text.Encoding.Latin1.GetBytes(stored.Text));
        var parsed = await MimeMessage.LoadAsync(received, cancellationToken);
        Assert.Equal(message.Subject, parsed.Subject);
        Assert.Equal(message.MessageId, parsed.MessageId);
        Assert.Equal(message.TextBody, parsed.TextBody);
        Assert.Single(parsed.Attachments);
    }

    [Fact]
    public async Task Authenticate_WrongToken_IsRefused()
    {
        await using var edge = await TestEdge.StartAsync();
        using var client = Client();
        var cancellationToken = TestContext.Current.CancellationToken;
        await client.ConnectAsync("127.0.0.1", edge.Submission.Port, SecureSocketOptions.StartTls, cancellationToken);

        await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync("mp_wrong", "mp_wrong", cancellationToken));
    }

    private static int Port(TestEdge edge, SecureSocketOptions security) =>
        security == SecureSocketOptions.StartTls ? edge.Submission.Port : edge.Submissions.Port;

    private static SmtpClient Client() => new()
    {
        CheckCertificateRevocation = false,
        ServerCertificateValidationCallback = (_, certificate, _, _) => (certificate as X509Certificate2)?.Subject == "CN=localhost",
    };

    private static MimeMessage Message()
    {
        var body = new BodyBuilder { TextBody = "Grüße\r\n.\r\n..dots\r\nЖ\r\n" };
        body.Attachments.Add("rapport é.txt", new byte[100_000], new ContentType("application", "octet-stream"));
        var message = new MimeMessage { Subject = "Zażółć gęślą jaźń", Body = body.ToMessageBody() };
        message.From.Add(new MailboxAddress("Anna Ö", "anna@s.example"));
        message.To.Add(new MailboxAddress("Bea", "bea@r.example"));
        message.Bcc.Add(new MailboxAddress("", "hidden@r.example"));
        return message;
    }
}
