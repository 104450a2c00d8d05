using MailPace.Contracts;
using MailPace.Contracts.Shaping;
using MailPace.Deliver.Shaping;

namespace MailPace.Deliver.Tests.Shaping;

public sealed class SlowDownTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(421, "4.3.2", null, true)]
    [InlineData(451, "4.7.1", null, true)]
    [InlineData(450, null, FaultReason.Rate, true)]
    [InlineData(450, "4.7.1", FaultReason.Greylisted, false)]
    [InlineData(450, "4.2.0", null, false)]
    [InlineData(0, "4.4.2", null, false)]
    public void Reply_AsksForLess(int code, string? enhanced, FaultReason? reason, bool does)
    {
        var outcome = new RecipientOutcome
        {
            Ordinal = 0,
            Address = "a@example.net",
            State = RecipientState.Deferred,
            Reply = new RemoteReply(code, enhanced, "text"),
            Fault = reason is { } given ? new DeliveryFault(FaultOwner.Reputation, given, FaultPermanence.Transient) : null,
        };
        Assert.Equal(does, SlowDown.ComplaintIn([outcome]) is not null);
    }

    [Fact]
    public void Strike_HalvesThePace_OncePerWave()
    {
        var once = SlowDown.Strike(new GroupState(), "421 slow down", Start);
        Assert.Equal((0.5, Start, "421 slow down"), (once.Pace, once.SlowedSince, once.Reason));
        Assert.Equal(once, SlowDown.Strike(once, "421 again", Start + TimeSpan.FromSeconds(1)));
        Assert.Equal(0.25, SlowDown.Strike(once, "421 again", Start + SlowDown.Wave).Pace);
    }

    [Fact]
    public void ThirdStrikeInARow_Suspends_AndEachFurtherForTwiceAsLong()
    {
        var state = new GroupState();
        var now = Start;
        List<double> minutes = [];
        for (var strike = 0; strike < 9; strike++)
        {
            now += TimeSpan.FromMinutes(31);
            state = SlowDown.Strike(state, "421", now);
            minutes.Add(state.SuspendedUntil is { } until ? (until - now).TotalMinutes : 0);
        }

        Assert.Equal([0, 0, 1, 2, 4, 8, 16, 30, 30], minutes);
    }

    [Fact]
    public void MessageTaken_BetweenStrikes_KeepsFromSuspension()
    {
        var state = SlowDown.Strike(SlowDown.Strike(new GroupState(), "421", Start), "421", Start + SlowDown.Wave);
        state = SlowDown.Recover(state, hasTaken: true, Start + (SlowDown.Wave * 2));
        Assert.Null(SlowDown.Strike(state, "421", Start + (SlowDown.Wave * 3)).SuspendedUntil);
    }

    [Fact]
    public void Pace_RecoversStepByStep_FromTheEndOfTheSuspension()
    {
        var state = new GroupState { Pace = 0.25, PaceChangedAt = Start, SlowedSince = Start, SuspendedUntil = Start + TimeSpan.FromMinutes(2), Reason = "421", Strikes = 3 };
        Assert.Equal(0.25, SlowDown.Recover(state, false, Start + TimeSpan.FromMinutes(2)).Pace);
        var now = Start + TimeSpan.FromMinutes(2);
        var steps = 0;
        for (; state.Pace < 1; steps++)
        {
            now += SlowDown.Step;
            state = SlowDown.Recover(state, true, now);
        }

        Assert.Equal(7, steps);
        Assert.Equal((null, null, null, 0), (state.SlowedSince, state.SuspendedUntil, state.Reason, state.Strikes));
    }
}
