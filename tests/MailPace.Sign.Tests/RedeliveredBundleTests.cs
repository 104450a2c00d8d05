using static MailPace.Sign.Tests.Samples;

namespace MailPace.Sign.Tests;

/// <summary>A process that is killed after it has published a bundle's jobs never acknowledges: the bundle comes again.</summary>
public sealed class RedeliveredBundleTests
{
    [Fact]
    public async Task JobsThatStillWait_AreNotPublishedAgain()
    {
        await using var sign = await SignProcess.PrepareAsync();
        await sign.AddDomainAsync(1, "demo.example");
        await sign.PublishAsync(Email(7, "b@one.example", "c@two.example"), Mime);
        await sign.SignAndForgetAsync();

        await sign.StartWorkerAsync();
        await sign.AllSignedAsync();

        Assert.Equal(2, await sign.JobsStoredAsync());
        Assert.All(await sign.TakeJobsAsync(2), job => Assert.False(job.Job.MayRepeat));
    }

    [Fact]
    public async Task JobsThatWereDeliveredMeanwhile_AreSwallowedByTheirIds()
    {
        await using var sign = await SignProcess.PrepareAsync();
        await sign.AddDomainAsync(1, "demo.example");
        await sign.PublishAsync(Email(7, "b@one.example", "c@two.example"), Mime);
        await sign.SignAndForgetAsync();
        await sign.TakeJobsAsync(2);

        await sign.StartWorkerAsync();
        await sign.AllSignedAsync();

        Assert.Equal(2, await sign.JobsStoredAsync());
    }

    [Fact]
    public async Task JobsWhoseIdsAreForgotten_ComeAgainOnceAndAskHistory()
    {
        await using var sign = await SignProcess.PrepareAsync();
        await sign.AddDomainAsync(1, "demo.example");
        await sign.PublishAsync(Email(7, "b@one.example", "c@two.example"), Mime);
        await sign.SignAndForgetAsync();
        await sign.TakeJobsAsync(2);
        await sign.LoseJobsAsync();

        await sign.StartWorkerAsync();
        await sign.AllSignedAsync();

        Assert.Equal(2, await sign.JobsStoredAsync());
        Assert.All(await sign.TakeJobsAsync(2), job =>
        {
            Assert.Equal((7, 1), (job.Job.EmailId, job.Job.Attempt));
            Assert.True(job.Job.MayRepeat);
        });
    }

    [Fact]
    public async Task ParkedEmail_IsParkedOnce()
    {
        await using var sign = await SignProcess.PrepareAsync();
        await sign.PublishAsync(Email(7, "b@one.example"), Mime);
        await sign.SignAndForgetAsync();

        await sign.StartWorkerAsync();
        await sign.AllSignedAsync();
        await sign.AddDomainAsync(1, "demo.example");

        Assert.Equal(7, Assert.Single(await sign.TakeJobsAsync(1)).Job.EmailId);
        Assert.Equal(2, await sign.JobsStoredAsync()); // the request and its job
    }
}
