using MailPace.Contracts;
using MailPace.Contracts.Shaping;

namespace MailPace.Deliver.Shaping;

/// <summary>
/// How a group's pace follows its replies. Specification:
/// <list type="bullet">
/// <item>A reply that asks for less (421, 4.7.x, a rate limit) halves the pace. What comes within seconds of it is of the same wave and counts once.</item>
/// <item>From the third in a row, with no message taken in between, the group is suspended: a minute, then twice as long each time, up to half an hour.</item>
/// <item>Without further ones the pace grows by a quarter each half minute, from the end of a suspension on, until it's whole again.</item>
/// <item>Greylisting isn't about the sender's pace, whatever its code.</item>
/// </list>
/// </summary>
internal static class SlowDown
{
    public static readonly TimeSpan Wave = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private const double Slowest = 1.0 / 64;
    private const int StrikesToSuspend = 3;
    private const int ReasonLength = 200;
    private static readonly TimeSpan FirstSuspension = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSuspension = TimeSpan.FromMinutes(30);

    /// <returns>The reply that asks for less; null when none does.</returns>
    public static string? ComplaintIn(IEnumerable<RecipientOutcome> outcomes)
        => outcomes.FirstOrDefault(AsksForLess)?.Reply is { } reply ? Text(reply) : null;

    public static GroupState Strike(GroupState state, string reason, DateTimeOffset now)
    {
        if (state.Pace < 1 && now - state.PaceChangedAt < Wave)
        {
            return state;
        }

        var strikes = state.Strikes + 1;
        return state with
        {
            Strikes = strikes,
            Pace = Math.Max(Slowest, state.Pace / 2),
            PaceChangedAt = now,
            SlowedSince = state.SlowedSince ?? now,
            SuspendedUntil = strikes < StrikesToSuspend ? state.SuspendedUntil : now + Suspension(strikes),
            Reason = reason,
        };
    }

    /// <param name="state">The group.</param>
    /// <param name="hasTaken">It has taken messages since the last time.</param>
    /// <param name="now">The time.</param>
    public static GroupState Recover(GroupState state, bool hasTaken, DateTimeOffset now)
    {
        if (state.Pace >= 1)
        {
            return state;
        }

        var steady = hasTaken && now - state.PaceChangedAt >= Wave ? state with { Strikes = 0 } : state;
        var since = state.SuspendedUntil > state.PaceChangedAt ? state.SuspendedUntil : state.PaceChangedAt;
        if (now - since < Step)
        {
            return steady;
        }

        var pace = Math.Min(1, state.Pace * 1.25);
        return pace < 1
            ? steady with { Pace = pace, PaceChangedAt = now, SuspendedUntil = null }
            : steady with { Pace = 1, PaceChangedAt = now, SuspendedUntil = null, SlowedSince = null, Reason = null, Strikes = 0 };
    }

    private static TimeSpan Suspension(int strikes)
        => TimeSpan.FromTicks(Math.Min(LongestSuspension.Ticks, FirstSuspension.Ticks << Math.Min(10, strikes - StrikesToSuspend)));

    private static bool AsksForLess(RecipientOutcome outcome)
    {
        if (outcome.State is not (RecipientState.Deferred or RecipientState.Expired) || outcome.Reply.Code == 0 || outcome.Fault?.Reason == FaultReason.Greylisted)
        {
            return false;
        }

        return outcome.Reply.Code == 421 || outcome.Fault?.Reason == FaultReason.Rate || outcome.Reply.Enhanced?.StartsWith("4.7.", StringComparison.Ordinal) == true;
    }

    private static string Text(RemoteReply reply)
    {
        var text = string.Join(' ', new[] { reply.Code.ToString(System.Globalization.CultureInfo.InvariantCulture), reply.Enhanced, reply.Text }.Where(static part => part is not null));
        return text.Length > ReasonLength ? text[..ReasonLength] : text;
    }
}
