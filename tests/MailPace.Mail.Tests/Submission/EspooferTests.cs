using System.Text;
using System.Text.Json;
using MailPace.Mail.Headers;
using MailPace.Mail.Submission;
using MimeKit;

namespace MailPace.Mail.Tests.Submission;

public sealed class EspooferTests
{
    /// <summary>Refused, or the header From that another parser sees too: the domain check is on the address a reader is shown.</summary>
    [Fact]
    public async Task TryPrepare_SpoofedHeader_RefusedOrReadAlike()
    {
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(TestData.Path("attack-vectors/espoofer.json"), TestContext.Current.CancellationToken));
        var taken = new List<string>();
        foreach (var attack in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var raw = Encoding.UTF8.GetBytes(attack.GetProperty("headers").GetString() + "Subject: x\r\n\r\nbody\r\n");
            if (!SubmittedMessage.TryPrepare(raw, BodyKnowledge.Unchecked, new MessageStamps(TimeProvider.System, new Random(1)), out var prepared, out _))
            {
                continue;
            }

            taken.Add(attack.GetProperty("id").GetString()!);
            var message = await MimeMessage.LoadAsync(new MemoryStream(raw), TestContext.Current.CancellationToken);
            Assert.Equal(prepared.HeaderFrom.Address, Assert.Single(message.From.Mailboxes).Address);
        }

        // These have one plain header From; what is spoofed in them is the envelope or the DKIM of another sender.
        Assert.Equal(["server_a1", "server_a2", "server_a3", "server_a4", "server_a5", "server_a6", "server_a7", "client_a3"], taken);
    }
}
