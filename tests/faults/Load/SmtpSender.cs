using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailPace.Faults.Ledger;
using MailPace.Testing;
using MimeKit;

namespace MailPace.Faults.Load;

/// <summary>A client of the submission port that keeps its connection as long as it lasts.</summary>
internal sealed class SmtpSender(Platform platform, EmailMaker maker, ClientLedger ledger)
{
    public async Task RunAsync(CancellationToken stopping, CancellationToken givingUp)
    {
        while (!stopping.IsCancellationRequested)
        {
            using var client = new SmtpClient { CheckCertificateRevocation = false, Timeout = 15_000 };
            client.ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
            try
            {
                await client.ConnectAsync("127.0.0.1", platform.SmtpPort, SecureSocketOptions.StartTls, givingUp);
                await client.AuthenticateAsync(platform.Token, platform.Token, givingUp);
                await SendAsync(client, stopping, givingUp);
            }
            catch (Exception broken) when (IsBroken(broken))
            {
                // Connected anew, with another email: what became of this one nobody said.
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
            catch (AuthenticationException refused)
            {
                if (!refused.Message.StartsWith('4'))
                {
                    ledger.Unexpected("", refused.Message);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
        }
    }

    private static bool IsBroken(Exception failure)
        => failure is IOException or SocketException or ProtocolException or ServiceNotConnectedException or OperationCanceledException or TimeoutException or SslHandshakeException;

    private async Task SendAsync(SmtpClient client, CancellationToken stopping, CancellationToken givingUp)
    {
        while (!stopping.IsCancellationRequested)
        {
            var email = maker.Next();
            ledger.HandIn(email);
            try
            {
                using var message = MessageOf(email);
                var answer = await client.SendAsync(message, givingUp);
                ledger.Acknowledge(email.Marker, IdIn(answer));
            }
            catch (SmtpCommandException refused)
            {
                Take(email, refused);
            }

            await Task.Delay(maker.Pause(), CancellationToken.None);
        }

        await client.DisconnectAsync(quit: true, givingUp);
    }

    private void Take(SubmittedEmail email, SmtpCommandException refused)
    {
        if ((int)refused.StatusCode / 100 == 4)
        {
            ledger.Refuse(string.Create(CultureInfo.InvariantCulture, $"{(int)refused.StatusCode}"));
            return;
        }

        ledger.Unexpected(email.Marker, $"{(int)refused.StatusCode} {refused.Message}");
    }

    /// <summary>From <c>2.0.0 OK: queued as 42</c>.</summary>
    private static long IdIn(string answer) => long.Parse(answer.AsSpan(answer.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    private MimeMessage MessageOf(SubmittedEmail email)
    {
        var message = new MimeMessage { Subject = email.Marker, Body = new TextPart("plain") { Text = maker.Body() } };
        message.From.Add(new MailboxAddress("Faults", "faults@" + platform.Domain));
        message.To.AddRange(email.Recipients.Select(static recipient => new MailboxAddress("", recipient)));
        return message;
    }
}
