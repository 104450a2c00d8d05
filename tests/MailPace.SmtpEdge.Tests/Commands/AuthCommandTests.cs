using System.Text;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Commands;

public sealed class AuthCommandTests
{
    private const string Token = RecordingIntake.Token;

    [Fact]
    public async Task Plain_WithInitialResponse_Succeeds() =>
        Assert.Equal(["235 2.7.0"], await RunAsync("AUTH PLAIN " + Base64($"\0{Token}\0{Token}")));

    [Fact]
    public async Task Plain_WithoutInitialResponse_IsAskedForIt() =>
        Assert.Equal(["334 ", "235 2.7.0"], await RunAsync("auth plain", Base64($"\0{Token}\0{Token}")));

    [Fact]
    public async Task Plain_OwnAuthorisationIdentity_Succeeds() =>
        Assert.Equal(["235 2.7.0"], await RunAsync("AUTH PLAIN " + Base64($"{Token}\0{Token}\0{Token}")));

    [Fact]
    public async Task Plain_AnothersAuthorisationIdentity_IsRefusedLikeAWrongToken() =>
        Assert.Equal(["535 5.7.8"], await RunAsync("AUTH PLAIN " + Base64($"mp_other\0{Token}\0{Token}")));

    [Fact]
    public async Task Login_Succeeds() =>
        Assert.Equal(["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 2.7.0"], await RunAsync("AUTH LOGIN", Base64(Token), Base64(Token)));

    [Fact]
    public async Task Login_WithInitialResponse_AsksForThePasswordOnly() =>
        Assert.Equal(["334 UGFzc3dvcmQ6", "235 2.7.0"], await RunAsync("AUTH LOGIN " + Base64(Token), Base64(Token)));

    [Theory]
    [InlineData("AUTH PLAIN", "*")]
    [InlineData("AUTH LOGIN", "*")]
    [InlineData("AUTH LOGIN bXA=", "*")]
    public async Task Asterisk_Cancels(string command, string answer) =>
        Assert.Equal("501 5.7.0", (await RunAsync(command, answer))[^1]);

    [Theory]
    [InlineData("AUTH PLAIN !!!!", "501 5.5.2")]
    [InlineData("AUTH PLAIN AA==AA==", "501 5.5.2")]
    [InlineData("AUTH PLAIN =", "501 5.5.2")]
    [InlineData("AUTH PLAIN bm9udWw=", "501 5.5.2")]
    [InlineData("AUTH PLAIN /////w==", "501 5.5.2")]
    [InlineData("AUTH CRAM-MD5", "504 5.5.4")]
    [InlineData("AUTH", "504 5.5.4")]
    public async Task BadForm_IsRefused(string command, string reply) => Assert.Equal([reply], await RunAsync(command));

    [Fact]
    public async Task WrongAndUnknown_HaveTheSameWords()
    {
        await using var session = new MemorySession(SmtpRole.Submission, secure: true);
        await session.AskAsync("EHLO c.example");

        var wrong = await session.AskAsync("AUTH PLAIN " + Base64($"\0{Token}\0mp_wrong"));
        var unknown = await session.AskAsync("AUTH PLAIN " + Base64("\0mp_unknown\0mp_unknown"));

        Assert.Equal("535 5.7.8 Invalid API Token\r\n", wrong);
        Assert.Equal(wrong, unknown);
    }

    [Fact]
    public async Task ThirdFailure_EndsTheSession()
    {
        await using var session = new MemorySession(SmtpRole.Submission, secure: true);
        await session.AskAsync("EHLO c.example");
        var wrong = "AUTH PLAIN " + Base64("\0mp_unknown\0mp_unknown");
        await session.AskAsync(wrong);
        await session.AskAsync(wrong);

        var last = await session.AskAsync(wrong);

        Assert.Equal("535 5.7.8 Invalid API Token\r\n421 4.7.0 Too many failed authentications\r\n", last);
        Assert.True(session.HasEnded);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<string[]> RunAsync(params string[] lines)
    {
        await using var session = new MemorySession(SmtpRole.Submission, secure: true);
        await session.AskAsync("EHLO c.example");
        var replies = new List<string>();
        foreach (var line in lines)
        {
            var reply = (await session.AskAsync(line)).TrimEnd('\r', '\n');
            replies.Add(reply.StartsWith('3') ? reply : reply[..9]);
        }

        return [.. replies];
    }
}
