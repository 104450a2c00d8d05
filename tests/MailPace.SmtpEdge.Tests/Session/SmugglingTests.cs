using System.Globalization;
using System.Text;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Session;

/// <summary>CVE-2023-51764/5/6 and their kin: whatever stands between two messages, only CRLF.CRLF makes two of them.</summary>
public sealed class SmugglingTests
{
    private const string Legal = "crlf.crlf (the only legal end)";
    private const string Head = "EHLO c.example\r\nMAIL FROM:<a@t.example>\r\nRCPT TO:<b@t.example>\r\nDATA\r\nSubject: one\r\n\r\nbody";
    private const string Tail = "MAIL FROM:<smuggled@t.example>\r\nRCPT TO:<b@t.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\nQUIT\r\n";

    private static IEnumerable<(string Name, byte[] Octets)> Vectors()
    {
        using var json = TestData.Json("attack-vectors/smtp-smuggling.json");
        foreach (var sequence in json.RootElement.GetProperty("sequences").EnumerateArray())
        {
            byte[] octets = [.. Encoding.Latin1.GetBytes(Head), .. Convert.FromHexString(sequence.GetProperty("hex").GetString()!), .. Encoding.Latin1.GetBytes(Tail)];
            yield return (sequence.GetProperty("name").GetString()!, octets);
        }
    }

    [Fact]
    public async Task Sequence_CutAtEveryOctet_NeverMakesASecondMessage()
    {
        foreach (var (name, octets) in Vectors())
        {
            string? whole = null;
            for (var cut = 0; cut <= octets.Length; cut++)
            {
                await using var session = new MemorySession(SmtpRole.Inbound);
                await session.SendAsync(octets.AsMemory(0, cut));
                await session.SendAsync(octets.AsMemory(cut));

                Check(name, session.Intake);
                var replies = session.Replies();
                whole ??= replies;
                Assert.Equal(whole, replies);
            }
        }
    }

    [Fact]
    public async Task Sequence_OctetByOctet_NeverMakesASecondMessage()
    {
        foreach (var (name, octets) in Vectors())
        {
            await using var session = new MemorySession(SmtpRole.Inbound);
            for (var i = 0; i < octets.Length; i++)
            {
                await session.SendAsync(octets.AsMemory(i, 1));
            }

            Check(name, session.Intake);
        }
    }

    /// <summary>In chunks every octet has its place, also behind what looks like an end, and also where a chunk is cut there.</summary>
    [Fact]
    public async Task Sequence_InChunksCutAtEveryOctet_NeverMakesASecondMessage()
    {
        var start = Head.IndexOf("DATA\r\n", StringComparison.Ordinal);
        foreach (var (name, octets) in Vectors())
        {
            var message = octets.AsMemory(start + "DATA\r\n".Length);
            for (var cut = 0; cut <= message.Length; cut++)
            {
                await using var session = new MemorySession(SmtpRole.Inbound);
                await session.SendAsync(octets.AsMemory(0, start));
                await session.SendAsync(string.Create(CultureInfo.InvariantCulture, $"BDAT {cut}\r\n"));
                await session.SendAsync(message[..cut]);
                await session.SendAsync(string.Create(CultureInfo.InvariantCulture, $"BDAT {message.Length - cut} LAST\r\n"));
                await session.SendAsync(message[cut..]);

                Assert.True(session.Intake.Messages.Count <= 1, name);
                Assert.DoesNotContain(session.Intake.Messages, stored => stored.Text != Encoding.Latin1.GetString(message.Span) || stored.ReversePath != "a@t.example");
                Assert.False(session.HasEnded, name); // the QUIT inside is none
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sequence_OverTcpCutInside_NeverMakesASecondMessage(bool tls)
    {
        await using var edge = await TestEdge.StartAsync();
        foreach (var (name, octets) in Vectors())
        {
            for (var cut = Head.Length; cut < octets.Length - Tail.Length + 1; cut++)
            {
                edge.Intake.Messages.Clear();
                await using var client = await RawClient.ConnectAsync(edge.Inbound);
                await client.ReplyAsync();
                if (tls)
                {
                    await client.AskAsync("EHLO c.example");
                    await client.AskAsync("STARTTLS");
                    await client.StartTlsAsync();
                }

                await client.SendAsync(octets.AsMemory(0, cut));
                await client.SendAsync(octets.AsMemory(cut));
                await client.ToEndAsync();

                Check(string.Create(CultureInfo.InvariantCulture, $"{name} cut at {cut}"), edge.Intake);
            }
        }
    }

    private static void Check(string name, RecordingIntake intake)
    {
        var legal = name.StartsWith(Legal, StringComparison.Ordinal);
        Assert.True(legal ? intake.Messages.Count == 2 : intake.Messages.Count <= 1, $"{name}: {intake.Messages.Count} messages");
        foreach (var message in intake.Messages)
        {
            Assert.True(legal || message.ReversePath == "a@t.example", $"{name}: smuggled");
            var bare = message.Text.Replace("\r\n", "", StringComparison.Ordinal);
            Assert.False(bare.AsSpan().ContainsAny('\r', '\n', '\0'), $"{name}: stored {message.Text}");
        }
    }
}
