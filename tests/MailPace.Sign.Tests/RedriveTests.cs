using MailPace.Contracts;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Publishing;
using static MailPace.Sign.Tests.Samples;

namespace MailPace.Sign.Tests;

/// <summary>JOBS has lost a job, and the reconciler asks for it.</summary>
public sealed class RedriveTests
{
    [Fact]
    public async Task LostJob_IsMadeAgainForTheRecipientsThatAreLeft()
    {
        await using var sign = await SignProcess.StartAsync();
        await sign.AddDomainAsync(1, "demo.example");
        var stored = await sign.PublishAsync(Email(7, "b@one.example", "c@two.example", "d@one.example"), Mime);
        var first = (await sign.TakeJobsAsync(2)).Single(job => job.Job.RecipientDomain == "one.example").Job;
        await sign.LoseJobsAsync();

        await sign.Get<JobPublisher>().RequestRedriveAsync(Request(stored, first.JobNumber, attempt: 3, first.Recipients[1].Ordinal));
        var again = Assert.Single(await sign.TakeJobsAsync(1));

        Assert.Equal((7, first.JobNumber, 3, true), (again.Job.EmailId, again.Job.JobNumber, again.Job.Attempt, again.Job.MayRepeat));
        Assert.Equal(["d@one.example"], again.Job.Recipients.Select(recipient => recipient.Address));
        Assert.Contains("DKIM-Signature: v=1; a=rsa-sha256;", Text(again.Content), StringComparison.Ordinal);
        Assert.EndsWith(Mime, Text(again.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RedriveWithinTheDedupWindow_IsNotTakenForTheFirstJob()
    {
        await using var sign = await SignProcess.StartAsync();
        await sign.AddDomainAsync(1, "demo.example");
        var stored = await sign.PublishAsync(Email(7, "b@one.example"), Mime);
        var first = Assert.Single(await sign.TakeJobsAsync(1)).Job;

        await sign.Get<JobPublisher>().RequestRedriveAsync(Request(stored, first.JobNumber, attempt: 1, 0));

        Assert.True(Assert.Single(await sign.TakeJobsAsync(1)).Job.MayRepeat);
    }

    [Fact]
    public async Task EmailThatMailNoLongerHolds_GoesToTheDeadLetters()
    {
        await using var sign = await SignProcess.StartAsync();

        await sign.Get<JobPublisher>().RequestRedriveAsync(Request(new StoredAt(0, 99), jobNumber: 0, attempt: 1, 0));

        Assert.Contains("MAIL-0 no longer holds email 7 at 99", await sign.TakeDeadLetterAsync(), StringComparison.Ordinal);
    }

    private static RedriveRequest Request(StoredAt stored, int jobNumber, int attempt, int ordinal) => new()
    {
        EmailId = 7,
        JobNumber = jobNumber,
        Attempt = attempt,
        Ordinals = [ordinal],
        MailPartition = stored.Partition,
        MailSequence = stored.Sequence,
        Reason = "lost",
    };
}
