using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Session;

/// <summary>Every cell of the table: the reply to each command in each state, and where it leads.</summary>
public sealed class TransitionTableTests
{
    private const string Chunk = "BDAT 3\r\nx"; // and the CRLF that ends a command is part of it

    private static readonly string[] Commands =
    [
        "EHLO c.example", "HELO c.example", "STARTTLS", "AUTH PLAIN AG1wX3NlY3JldABtcF9zZWNyZXQ=", "MAIL FROM:<a@s.example>",
        "RCPT TO:<b@r.example>", "DATA", Chunk, "RSET", "NOOP", "VRFY b", "EXPN b", "HELP", "FOO", "QUIT",
    ];

    public static TheoryData<string, string[], string> Rows() => new()
    {
        //                                                                                           EHLO HELO TLS  AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY EXPN HELP FOO  QUIT
        { "Connected", [],                                                                          "250  250  503  503  503  503  503  503  250  250  252  502  502  500  221" },
        { "Clear", ["EHLO c.example"],                                                              "250  250  220  538  530  530  530  530  250  250  252  502  502  500  221" },
        { "Unauthenticated", ["EHLO c.example"],                                                    "250  250  503  235  530  530  530  530  250  250  252  502  502  500  221" },
        { "Ready", ["EHLO c.example", Commands[3]],                                                 "250  250  503  503  250  503  503  503  250  250  252  502  502  500  221" },
        { "Transaction", ["EHLO c.example", Commands[3], Commands[4]],                              "250  250  503  503  503  250  503  503  250  250  252  502  502  500  221" },
        { "Recipients", ["EHLO c.example", Commands[3], Commands[4], Commands[5]],                  "250  250  503  503  503  250  354  250  250  250  252  502  502  500  221" },
        { "Chunks", ["EHLO c.example", Commands[3], Commands[4], Commands[5], Chunk],               "250  250  503  503  503  503  503  250  250  250  252  502  502  500  221" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Command_InState_IsAnsweredAsTheTableSays(string state, string[] before, string codes)
    {
        var expected = codes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < Commands.Length; i++)
        {
            var certificates = TestCertificate.Tls();
            await using var session = new MemorySession(SmtpRole.Submission, secure: state is not ("Connected" or "Clear"), certificates: certificates);
            foreach (var command in before)
            {
                Assert.StartsWith("2", await session.AskAsync(command), StringComparison.Ordinal);
            }

            Assert.Equal($"{Commands[i]}: {expected[i]}", $"{Commands[i]}: {(await session.AskAsync(Commands[i]))[..3]}");
        }
    }

    [Theory]
    [InlineData("EHLO c.example", "250", "503")] // leaves the transaction
    [InlineData("HELO c.example", "250", "503")]
    [InlineData("RSET", "250", "503")]
    [InlineData("NOOP", "250", "250")] // and these don't
    [InlineData("VRFY b", "252", "250")]
    [InlineData("FOO", "500", "250")]
    [InlineData("MAIL FROM:<x@s.example>", "503", "250")]
    public async Task Command_InTransaction_LeavesItOrNot(string command, string reply, string rcpt)
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        await session.AskAsync("EHLO c.example");
        await session.AskAsync("MAIL FROM:<a@s.example>");

        Assert.StartsWith(reply, await session.AskAsync(command), StringComparison.Ordinal);
        Assert.StartsWith(rcpt, await session.AskAsync("RCPT TO:<b@r.example>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AUTH PLAIN =", "502")]
    [InlineData("STARTTLS", "502")]
    [InlineData("MAIL FROM:<a@s.example>", "250")]
    public async Task Command_InboundWithoutCertificate_IsOnlyWhatTheRoleOffers(string command, string reply)
    {
        await using var session = new MemorySession(SmtpRole.Inbound);
        await session.AskAsync("EHLO c.example");

        Assert.StartsWith(reply, await session.AskAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ehlo_AfterAuth_KeepsTheAccount()
    {
        await using var session = new MemorySession(SmtpRole.Submission, secure: true);
        await session.AskAsync("EHLO c.example");
        await session.AskAsync(Commands[3]);
        await session.AskAsync("EHLO c.example");

        Assert.StartsWith("250", await session.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_SubmissionInClear_AuthenticatesWithoutTlsAndOffersNone()
    {
        await using var session = new MemorySession(SmtpRole.SubmissionInClear, certificates: TestCertificate.Tls());

        var offer = await session.AskAsync("EHLO c.example");
        Assert.Contains("AUTH PLAIN LOGIN", offer, StringComparison.Ordinal);
        Assert.DoesNotContain("STARTTLS", offer, StringComparison.Ordinal);
        Assert.StartsWith("502", await session.AskAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.StartsWith("530", await session.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
        Assert.StartsWith("235", await session.AskAsync(Commands[3]), StringComparison.Ordinal);
        Assert.StartsWith("250", await session.AskAsync("MAIL FROM:<a@s.example>"), StringComparison.Ordinal);
    }
}
