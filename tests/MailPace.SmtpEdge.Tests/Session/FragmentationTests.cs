using System.Text;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Session;

/// <summary>
/// The property that keeps smuggling out: any octets, cut anywhere, lead to the replies and the stored messages that they
/// lead to when they come whole; and no exception leaves a session. <c>MAILPACE_SESSIONS</c> sets how many are generated.
/// </summary>
public sealed class FragmentationTests
{
    private static readonly string[] Pieces =
    [
        "EHLO c.example\r\n", "HELO c\r\n", "ehlo [192.0.2.7]\r\n", "EHLO\r\n", "NOOP\r\n", "NOOP x y\r\n", "RSET\r\n", "VRFY a\r\n", "HELP\r\n", "\r\n", " \r\n",
        "MAIL FROM:<a@s.example>\r\n", "MAIL FROM:<> SIZE=10\r\n", "mail from:<a@s.example> BODY=8BITMIME SMTPUTF8\r\n", "MAIL FROM:<a@s.example> SIZE=99999999999\r\n",
        "MAIL FROM: <a@s.example> FOO=1\r\n", "MAIL FROM:<\"a b>\"@s.example>\r\n", "MAIL FROM:a@s.example\r\n", "MAIL FROM:<j\u00c3\u00b6@s.example> SMTPUTF8\r\n",
        "RCPT TO:<b@r.example>\r\n", "RCPT TO:<b@refused.example>\r\n", "RCPT TO:<postmaster>\r\n", "RCPT TO:<@x:b@r.example>\r\n", "rcpt to:<c@r.example>\r\n",
        "DATA\r\n", "DATA x\r\n", "Subject: x\r\n\r\nbody\r\n.\r\n", "..stuffed\r\n.\r\n", ".\r\n", "a\nb\r\n.\r\n", "a\rb\r\n.\r\n", "\0\r\n.\r\n", "x\r\n.\r\r\n.\r\n",
        "0123456789012345678901234567890123456789012345678901234567890123456789\r\n", "\u00e9\u00e8\r\n.\r\n", "no end",
        "AUTH PLAIN AG1wX3NlY3JldABtcF9zZWNyZXQ=\r\n", "AUTH PLAIN\r\n", "AG1wX3NlY3JldABtcF9zZWNyZXQ=\r\n", "AUTH LOGIN\r\n", "bXBfc2VjcmV0\r\n", "*\r\n", "AUTH PLAIN =\r\n",
        "AUTH LOGIN bXBfc2VjcmV0\r\n", "AUTH FOO\r\n", "AUTH PLAIN !!\r\n", "STARTTLS\r\n", "FOO\r\n",
        "BDAT 0\r\n", "BDAT 0 LAST\r\n", "bdat 7 last\r\nx\r\n.\r\ny", "BDAT 12\r\nSubject: x\r\n", "BDAT 3 LAST\r\n\r\ny", "BDAT 1\r\n\r", "BDAT 2 LAST\r\n\nz", "BDAT 4\r\na\nb\r\n", "BDAT 1 LAST\r\n\0",
        "MAIL FROM:<a@s.example> RET=HDRS ENVID=a+2Bb\r\n", "RCPT TO:<b@r.example> NOTIFY=DELAY,FAILURE ORCPT=rfc822;b\r\n", "RCPT TO:<b@r.example> NOTIFY=NEVER,DELAY\r\n", "BDAT 30\r\n", "BDAT 5000\r\n", "BDAT 9\r\n", "BDAT 70000 LAST\r\n", "BDAT x\r\n", "BDAT 2 LATE\r\n", "BDAT\r\n", "BDAT 99999999999999999999\r\n", "\r", "\n", ".", "\r\n.\r\n", "\n.\n", "\0", "NOOP\nNOOP\r\n", "NOOP\rNOOP\r\n", "QUIT\r\n",
    ];

    private static readonly string[] Bodies =
    [
        "Subject: x\r\n\r\nbody\r\n.\r\n", "..stuffed\r\n.\r\n", ".\r\n", "a\nb\r\n.\r\n", "x\r\n.\n", "x\n.\r\n", "x\r.\r\n.\r\n", "\u00e9\r\n...\r\n.\r\n",
    ];

    private static readonly string[] Chunks =
    [
        "BDAT 4 LAST\r\nx\r\ny", "BDAT 3\r\nx\r\nBDAT 0 LAST\r\n", "BDAT 2\r\nx\rBDAT 2 LAST\r\n\ny", "BDAT 6\r\n.\r\n.\r\nBDAT 6 LAST\r\nQUIT\r\n", "BDAT 2\r\nx\nBDAT 1 LAST\r\ny",
        "BDAT 1 LAST\r\n\r", "BDAT 2\r\nx\0BDAT 2\r\nyyBDAT 0 LAST\r\n", "BDAT 70000\r\n", "BDAT 1\r\nxDATA\r\n", "BDAT 5\r\nRSET\rRSET\r\n", "BDAT 12 LAST\r\nhalf",
    ];

    private static readonly string Transaction = "MAIL FROM:<a@s.example>\r\nRCPT TO:<b@r.example>\r\n";

    [Fact]
    public async Task Session_AnyFragmentation_LeadsToTheSameRepliesAndMessages()
    {
        var sessions = int.TryParse(Environment.GetEnvironmentVariable("MAILPACE_SESSIONS"), out var wanted) ? wanted : 3000;
        var stored = 0;
        for (var seed = 0; seed < sessions; seed++)
        {
            var random = new Random(seed);
            var octets = Generate(random);
            var role = seed % 3 == 0 ? SmtpRole.Submission : SmtpRole.Inbound;
            var secure = seed % 2 == 0;
            var whole = await RunAsync(role, secure, [octets]);
            var cut = await RunAsync(role, secure, Cut(octets, random));
            var single = await RunAsync(role, secure, octets.Select(octet => new[] { octet }));

            var text = $"seed {seed}: {Encoding.Latin1.GetString(octets)}";
            Assert.True(whole == cut, $"{text}\nwhole:\n{whole}\ncut:\n{cut}");
            Assert.True(whole == single, $"{text}\nwhole:\n{whole}\nsingle:\n{single}");
            Assert.DoesNotContain("421 4.3.0", whole, StringComparison.Ordinal);
            stored += whole.Contains("STORED", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(stored > sessions / 10, $"only {stored} sessions stored a message: the generator tests too little");
    }

    private static byte[] Generate(Random random)
    {
        var text = new StringBuilder(random.Next(4) == 0 ? "" : "EHLO c.example\r\n");
        if (random.Next(3) == 0)
        {
            text.Append("AUTH PLAIN AG1wX3NlY3JldABtcF9zZWNyZXQ=\r\n");
        }

        for (var i = random.Next(1, 20); i > 0; i--)
        {
            var piece = random.Next(3) == 0 ? Transaction : Pieces[random.Next(Pieces.Length)];
            if (piece == Transaction && random.Next(2) == 0)
            {
                piece += random.Next(3) == 0 ? Chunks[random.Next(Chunks.Length)] : "DATA\r\n" + Bodies[random.Next(Bodies.Length)];
            }

            if (random.Next(40) == 0)
            {
                piece = new string('x', random.Next(1, 700)) + piece;
            }

            text.Append(piece);
            if (random.Next(12) == 0 && text.Length > 0)
            {
                text[random.Next(text.Length)] = (char)random.Next(256);
            }
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static IEnumerable<byte[]> Cut(byte[] octets, Random random)
    {
        for (var at = 0; at < octets.Length;)
        {
            var length = Math.Min(random.Next(1, 60), octets.Length - at);
            yield return octets[at..(at + length)];
            at += length;
        }
    }

    private static async Task<string> RunAsync(SmtpRole role, bool secure, IEnumerable<byte[]> fragments)
    {
        var options = new SmtpEdgeOptions { HostName = "edge.example", MaxExtendedCommandLine = 600, MaxErrorsPerMessage = 8, MaxCommandsPerMessage = 15, MaxMessageSize = 64 * 1024, MaxHeaderSize = 16 * 1024, AuthenticationDelay = TimeSpan.Zero };
        await using var session = new MemorySession(role, options, secure);
        var log = new StringBuilder();
        foreach (var fragment in fragments)
        {
            await session.SendAsync(fragment);
            log.Append(session.Replies());
        }

        await session.EndAsync();
        log.Append(session.Replies());
        foreach (var message in session.Intake.Messages)
        {
            log.Append("STORED ").Append(message).Append('\n');
        }

        return log.ToString();
    }
}
