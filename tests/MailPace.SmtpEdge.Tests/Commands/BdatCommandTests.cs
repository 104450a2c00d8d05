using System.Text;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Commands;

/// <summary>CHUNKING (RFC 3030): octets of a chunk are a message's or nobody's, never commands.</summary>
public sealed class BdatCommandTests
{
    private const string Envelope = "MAIL FROM:<a@s.example>\r\nRCPT TO:<b@r.example>\r\n";

    [Theory]
    [InlineData("BDAT 3 LAST\r\nx\r\n", "250", "x\r\n")]
    [InlineData("BDAT 3\r\nx\r\nBDAT 0 LAST\r\n", "250 250", "x\r\n")]
    [InlineData("BDAT 0\r\nBDAT 3 LAST\r\nx\r\n", "250 250", "x\r\n")]
    [InlineData("BDAT 0 LAST\r\n", "250", "")]
    [InlineData("bdat 1 last\r\nx", "250", "x\r\n")] // the last line is ended for the client
    [InlineData("BDAT 2\r\nx\rBDAT 1 LAST\r\n\n", "250 250", "x\r\n")] // cut between CR and LF
    [InlineData("BDAT 11 LAST\r\n.\r\n..\r\n.\r\nx", "250", ".\r\n..\r\n.\r\nx\r\n")] // a dot is a dot
    [InlineData("BDAT 6\r\nQUIT\r\nBDAT 0 LAST\r\n", "250 250", "QUIT\r\n")]
    [InlineData("BDAT 00000000000000000001 LAST\r\nx", "250", "x\r\n")]
    public async Task Chunks_WithTheLast_AreOneMessage(string octets, string codes, string message)
    {
        await using var session = await BeginAsync();

        await session.SendAsync(octets);

        Assert.Equal(codes, Codes(session));
        Assert.Equal(message, Assert.Single(session.Intake.Messages).Text);
        Assert.StartsWith("250 2.1.0", await session.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BDAT 3\r\na\nbNOOP\r\n", "550 250")]
    [InlineData("BDAT 3 LAST\r\na\rbNOOP\r\n", "550 250")]
    [InlineData("BDAT 3\r\na\0bNOOP\r\n", "550 250")]
    [InlineData("BDAT 2\r\na\rBDAT 1 LAST\r\nbNOOP\r\n", "250 550 250")]
    [InlineData("BDAT 2 LAST\r\na\rNOOP\r\n", "550 250")]
    [InlineData("BDAT 0 LAST\r\nBDAT 3 LAST\r\nx\r\nNOOP\r\n", "250 503 250")] // a message was complete before
    [InlineData("BDAT 3\r\na\nbBDAT 3\r\nxyzBDAT 5 LAST\r\nQUIT\rNOOP\r\n", "550 503 503 250")] // the rest of a failed message
    [InlineData("BDAT 65537\r\n", "")]
    public async Task Chunk_Refused_IsReadToItsEndAndNothingIsStored(string octets, string codes)
    {
        await using var session = await BeginAsync();

        await session.SendAsync(octets);

        Assert.Equal(codes, Codes(session));
        Assert.DoesNotContain(session.Intake.Messages, message => message.Text.Length > 0);
        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Theory]
    [InlineData("DATA\r\nx\r\n.\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "354 250 503 250")]
    [InlineData("BDAT 1\r\nxDATA\r\nBDAT 1 LAST\r\ny", "250 503 250")]
    [InlineData("BDAT 1\r\nxRCPT TO:<c@r.example>\r\nMAIL FROM:<>\r\nBDAT 1 LAST\r\ny", "250 503 503 250")]
    [InlineData("BDAT 1\r\nxRSET\r\nBDAT 6 LAST\r\nQUIT\r\n" + Envelope + "BDAT 1 LAST\r\ny", "250 250 503 250 250 250")]
    [InlineData("BDAT 1\r\nxEHLO c.example\r\n" + Envelope + "BDAT 1 LAST\r\ny", "250 250 250 250 250")]
    public async Task Order_OfCommands_IsKept(string octets, string codes)
    {
        await using var session = await BeginAsync();

        await session.SendAsync(octets);

        Assert.Equal(codes, Codes(session));
        Assert.Single(session.Intake.Messages);
        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Theory]
    [InlineData("BDAT")]
    [InlineData("BDAT x")]
    [InlineData("BDAT -1")]
    [InlineData("BDAT 1x")]
    [InlineData("BDAT 1 LASTING")]
    [InlineData("BDAT 1 LAST LAST")]
    [InlineData("BDAT 1\tLAST")]
    [InlineData("BDAT LAST")]
    [InlineData("BDAT 000000000000000000001")]
    public async Task Chunk_OfUnknownSize_EndsTheSessionInAnyState(string command)
    {
        await using var session = await BeginAsync();
        Assert.Equal("501 5.5.4 Syntax: BDAT size [LAST]\r\n", await session.AskAsync(command + "\r\nMAIL FROM:<smuggled@s.example>"));
        Assert.True(session.HasEnded);

        await using var unauthenticated = new MemorySession(SmtpRole.Submission);
        Assert.Equal("501 5.5.4 Syntax: BDAT size [LAST]\r\n", await unauthenticated.AskAsync(command));
        Assert.True(unauthenticated.HasEnded);
    }

    [Theory]
    [InlineData(SmtpRole.Submission, "503")]
    [InlineData(SmtpRole.SubmissionInClear, "503")]
    [InlineData(SmtpRole.Inbound, "503")]
    public async Task Chunk_FromAnybody_IsNoCommandOfHis(SmtpRole role, string code)
    {
        await using var session = new MemorySession(role);
        session.Replies();

        await session.SendAsync("BDAT 16 LAST\r\nEHLO c.example\r\nNOOP\r\n");

        Assert.Equal(code + " 250", Codes(session));
    }

    [Fact]
    public async Task Transaction_PipelinedWithItsChunksAndCutAtEveryOctet_IsOneMessage()
    {
        var octets = Encoding.Latin1.GetBytes("EHLO c.example\r\n" + Envelope + "BDAT 14\r\nSubject: x\r\n\r\nBDAT 9\r\nMAIL FROMBDAT 5 LAST\r\n:<>\r\nQUIT\r\n");
        string? whole = null;
        for (var cut = 0; cut <= octets.Length; cut++)
        {
            await using var session = new MemorySession(SmtpRole.Inbound);
            await session.SendAsync(octets.AsMemory(0, cut));
            await session.SendAsync(octets.AsMemory(cut));

            var message = Assert.Single(session.Intake.Messages);
            Assert.Equal("Subject: x\r\n\r\nMAIL FROM:<>\r\n", message.Text);
            var replies = session.Replies();
            whole ??= replies;
            Assert.Equal(whole, replies);
            Assert.EndsWith("250 2.0.0 Chunk received\r\n250 2.0.0 Chunk received\r\n250 2.0.0 OK: queued as 1\r\n221 2.0.0 Bye\r\n", replies, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Chunk_OverTheLimitByItsSize_IsDroppedAsItComes()
    {
        await using var session = await BeginAsync();
        await session.SendAsync("BDAT 60000\r\n" + new string('x', 60_000) + "BDAT 10000000 LAST\r\n");
        Assert.Equal("250", Codes(session));
        Assert.Equal(0, session.Services.Budget.Taken);
        var block = new byte[100_000];
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("", session.Replies());
            await session.SendAsync(block);
            Assert.True(session.Session.Input.Unread.IsEmpty);
        }

        Assert.Equal("552", Codes(session));
        Assert.StartsWith("250", await session.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
        Assert.Empty(session.Intake.Messages);
    }

    [Fact]
    public async Task Message_AtTheLimit_IsAcceptedInManyChunks()
    {
        await using var session = await BeginAsync(maxCommands: 10);
        for (var i = 0; i < 64; i++)
        {
            await session.SendAsync("BDAT 1024\r\n" + new string('x', 1022) + "\r\n");
        }

        await session.SendAsync("BDAT 0 LAST\r\n");

        Assert.Equal(string.Join(' ', Enumerable.Repeat("250", 65)), Codes(session));
        Assert.Equal(64 * 1024, Assert.Single(session.Intake.Messages).Text.Length);
    }

    [Fact]
    public async Task Chunks_TooManySmallOnes_EndTheSession()
    {
        await using var session = await BeginAsync(maxCommands: 10);
        for (var i = 0; i < 10; i++)
        {
            await session.SendAsync("BDAT 1\r\nx");
        }

        Assert.EndsWith("250 421", Codes(session), StringComparison.Ordinal);
        Assert.True(session.HasEnded);
        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Fact]
    public async Task Chunk_WithoutMemoryForIt_EndsTheTransaction()
    {
        await using var session = await BeginAsync();
        Assert.True(session.Services.Budget.TryTake(session.Options.MaxBufferedSize));

        await session.SendAsync("BDAT 4\r\nNOOPBDAT 1 LAST\r\nxNOOP\r\n");

        Assert.Equal("452 503 250", Codes(session));
        Assert.Empty(session.Intake.Messages);
    }

    [Fact]
    public async Task Message_NotStored_IsDeferredAndTheTransactionIsOver()
    {
        await using var session = await BeginAsync();
        session.Intake.Accept = _ => throw new InvalidOperationException("planted");

        await session.SendAsync("BDAT 1\r\nxBDAT 1 LAST\r\nyBDAT 1 LAST\r\nz");

        Assert.Equal("250 451 503", Codes(session));
        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Fact]
    public async Task Client_GoneBetweenChunks_LeavesNoMemory()
    {
        await using var session = await BeginAsync();
        await session.SendAsync("BDAT 1\r\nx");

        await session.EndAsync();

        Assert.Equal(0, session.Services.Budget.Taken);
    }

    [Fact]
    public void Chunks_AnyOctetsInAnyFragments_AgreeWithTheReference()
    {
        byte[] alphabet = [(byte)'\r', (byte)'\n', (byte)'.', (byte)'a', (byte)'\r', (byte)'\n', 0];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var input = random.GetItems(alphabet.AsSpan(0, seed % 2 == 0 ? 6 : 7), random.Next(1, 30));
            if (seed % 3 == 0)
            {
                input = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(input).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));
            }

            using var buffer = new MessageBuffer(1024, new MessageLines(1024, 0), 0, new BufferBudget(long.MaxValue));
            var decoder = new ChunkDecoder();
            var cut = random.Next(0, input.Length + 1);
            decoder.Take(new(input.AsMemory(0, cut)), buffer);
            decoder.Take(new(input.AsMemory(cut)), buffer);
            decoder.End(buffer);

            var text = Encoding.Latin1.GetString(input);
            var lines = text.Replace("\r\n", "", StringComparison.Ordinal);
            var first = lines.AsSpan().IndexOfAny('\r', '\n', '\0');
            var fault = first < 0 ? DataFault.None : lines[first] == '\0' ? DataFault.Nul : DataFault.BareLineEnd;
            var expected = fault != DataFault.None ? "" : text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal) ? text : text + "\r\n";
            Assert.True(fault == decoder.Fault && expected == Encoding.Latin1.GetString(buffer.Content.Span), $"seed {seed}: {Convert.ToHexString(input)}: {decoder.Fault} {Convert.ToHexString(buffer.Content.Span)}");
        }
    }

    private static async Task<MemorySession> BeginAsync(int maxCommands = 1000)
    {
        var session = new MemorySession(SmtpRole.Inbound, new SmtpEdgeOptions { HostName = "edge.example", MaxMessageSize = 64 * 1024, MaxCommandsPerMessage = maxCommands });
        Assert.Contains("250-CHUNKING\r\n", await session.AskAsync("EHLO c.example"), StringComparison.Ordinal);
        await session.SendAsync(Envelope);
        session.Replies();
        return session;
    }

    private static string Codes(MemorySession session) =>
        string.Join(' ', session.Replies().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line[3] == ' ').Select(line => line[..3]));
}
