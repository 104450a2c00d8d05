using System.ComponentModel.DataAnnotations;
using FsCheck.Xunit;
using MailPace.Contracts;
using MailPace.Mail.Retries;

namespace MailPace.Mail.Tests.Retries;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Accepted = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 500)]
    public void DelayAfter_AnySeed_TriesFor48HoursAndMore(int seed)
    {
        var schedule = new RetrySchedule(new RetryOptions(), new Random(seed));
        var last = Accepted;
        var attempts = 1;
        for (var next = last + schedule.DelayAfter(1); next <= schedule.ExpiresAt(Accepted); next = last + schedule.DelayAfter(attempts))
        {
            Assert.True(next > last);
            last = next;
            attempts++;
        }

        Assert.True(last - Accepted >= TimeSpan.FromHours(48));
        Assert.InRange(attempts, 15, 40);
    }

    [Property]
    public void DelayAfter_FirstAttempt_Soon(int seed)
        => Assert.InRange(new RetrySchedule(new RetryOptions(), new Random(seed)).DelayAfter(1), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(70));

    [Fact]
    public void DelayAfter_ReasonWithGapsOfItsOwn_TakesThemFirst()
    {
        var schedule = new RetrySchedule(new RetryOptions { Jitter = 0, Classes = { [FaultReason.MailboxFull] = [TimeSpan.FromHours(3)] } }, new Random(1));
        Assert.Equal(TimeSpan.FromMinutes(10), schedule.DelayAfter(3, FaultReason.Greylisted));
        Assert.Equal(TimeSpan.FromMinutes(30), schedule.DelayAfter(4, FaultReason.Greylisted));
        Assert.Equal(TimeSpan.FromHours(3), schedule.DelayAfter(1, FaultReason.MailboxFull));
        Assert.Equal(schedule.DelayAfter(2), schedule.DelayAfter(2, FaultReason.MailboxFull));
        Assert.Equal(schedule.DelayAfter(1), schedule.DelayAfter(1, FaultReason.Connection));
    }

    [Fact]
    public void Validate_GapsOfAClass_AreBounded()
    {
        var options = new RetryOptions { Classes = { [FaultReason.Rate] = [TimeSpan.Zero] } };
        Assert.StartsWith("Retry:Classes:Rate:", Assert.Single(options.Validate(new ValidationContext(options))).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_HorizonTooShort_Refused()
    {
        var options = new RetryOptions { Horizon = TimeSpan.FromHours(48) };
        Assert.Single(options.Validate(new ValidationContext(options)));
        Assert.Empty(new RetryOptions().Validate(new ValidationContext(options)));
    }
}
