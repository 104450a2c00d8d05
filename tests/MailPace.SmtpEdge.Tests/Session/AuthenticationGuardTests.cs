using System.Text;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.SmtpEdge.Tests.Session;

public sealed class AuthenticationGuardTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Failures_InARow_WaitTwiceAsLongEachTime()
    {
        var guard = Guard(new SmtpEdgeOptions());

        var waits = Enumerable.Range(0, 8).Select(_ => guard.Failed(1, 2).TotalSeconds);

        Assert.Equal([0, 1, 2, 4, 8, 16, 30, 30], waits);
    }

    [Fact]
    public void Address_OverItsLimit_IsLockedOutForAWhileWithEveryUser()
    {
        var guard = Guard(new SmtpEdgeOptions { MaxAuthenticationFailuresPerAddress = 3 });
        for (UInt128 user = 0; user < 3; user++)
        {
            Assert.False(guard.IsLockedOut(1, user, out _));
            guard.Failed(1, user);
        }

        Assert.True(guard.IsLockedOut(1, 99, out var reply));
        Assert.Equal(Replies.AddressLockedOut, reply);
        Assert.False(guard.IsLockedOut(2, 99, out _));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.False(guard.IsLockedOut(1, 99, out _));
    }

    [Fact]
    public void User_OverItsLimit_IsLockedOutFromEveryAddress()
    {
        var guard = Guard(new SmtpEdgeOptions { MaxAuthenticationFailuresPerAccount = 3 });
        for (UInt128 client = 0; client < 3; client++)
        {
            guard.Failed(client, 7);
        }

        Assert.True(guard.IsLockedOut(99, 7, out var reply));
        Assert.Equal(Replies.AccountLockedOut, reply);
        Assert.False(guard.IsLockedOut(0, 8, out _));
    }

    [Fact]
    public void Success_ForgetsFailures()
    {
        var guard = Guard(new SmtpEdgeOptions { MaxAuthenticationFailuresPerAddress = 2 });
        guard.Failed(1, 2);

        guard.Succeeded(1, 2);

        Assert.Equal(TimeSpan.Zero, guard.Failed(1, 2));
        Assert.False(guard.IsLockedOut(1, 2, out _));
    }

    [Fact]
    public void Counts_OfAMillionClients_AreBoundedAndKeepWhoGoesOn()
    {
        var counts = new FailureCounts(1000, TimeSpan.FromMinutes(15), _time);
        for (UInt128 client = 10; client < 1_000_000; client++)
        {
            counts.Add(client);
            if (client % 10_000 == 0)
            {
                counts.Add(1);
            }
        }

        Assert.InRange(counts.Count, 1, 100_000);
        Assert.Equal(100, counts.Add(1));
    }

    [Fact]
    public async Task Auth_LockedOutUser_IsDeferredWithoutALookAtTheCredentials()
    {
        await using var session = Session(new SmtpEdgeOptions { MaxAuthenticationFailuresPerAccount = 2, MaxAuthenticationFailures = 4, AuthenticationDelay = TimeSpan.Zero });
        await session.AskAsync("EHLO c.example");
        await session.AskAsync(Plain(RecordingIntake.Token, "wrong"));
        await session.AskAsync(Plain(RecordingIntake.Token, "wrong"));

        Assert.Equal("454 4.7.0 Too many failed authentications of this user, please try again later\r\n", await session.AskAsync(Plain(RecordingIntake.Token, RecordingIntake.Token)));
    }

    [Fact]
    public async Task Auth_LockedOutAddress_EndsTheSession()
    {
        await using var session = Session(new SmtpEdgeOptions { MaxAuthenticationFailuresPerAddress = 2, MaxAuthenticationFailures = 4, AuthenticationDelay = TimeSpan.Zero });
        await session.AskAsync("EHLO c.example");
        await session.AskAsync(Plain("mp_a", "mp_a"));
        await session.AskAsync(Plain("mp_b", "mp_b"));

        Assert.StartsWith("421 4.7.0 Too many failed authentications from your address", await session.AskAsync(Plain(RecordingIntake.Token, RecordingIntake.Token)), StringComparison.Ordinal);
        Assert.True(session.HasEnded);
    }

    [Fact]
    public async Task Auth_SecondFailure_IsAnsweredLater()
    {
        await using var session = Session(new SmtpEdgeOptions());
        await session.AskAsync("EHLO c.example");
        Assert.StartsWith("535", await session.AskAsync(Plain("mp_a", "mp_a")), StringComparison.Ordinal);
        Assert.Equal("", await session.AskAsync(Plain("mp_a", "mp_a")));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.StartsWith("535", session.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auth_WaitingWhenTheServerStops_IsAnsweredAtOnce()
    {
        await using var session = Session(new SmtpEdgeOptions());
        await session.AskAsync("EHLO c.example");
        await session.AskAsync(Plain("mp_a", "mp_a"));
        await session.AskAsync(Plain("mp_a", "mp_a"));

        session.Services.Stop();

        await Eventually.TrueAsync(() => session.HasEnded);
        Assert.Equal("535 5.7.8 Invalid API Token\r\n421 4.3.2 Server is shutting down, please try again\r\n", session.Replies());
    }

    private static string Plain(string userName, string password) => "AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{userName}\0{password}"));

    private AuthenticationGuard Guard(SmtpEdgeOptions options) => new(options, _time);

    private MemorySession Session(SmtpEdgeOptions options) => new(SmtpRole.Submission, options, secure: true, time: _time);
}
