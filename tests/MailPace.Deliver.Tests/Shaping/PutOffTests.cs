using MailPace.Contracts;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MailPace.Deliver.Tests.Shaping;

/// <summary>Jobs whose group has no room: they come again, and are sent once.</summary>
public sealed class PutOffTests
{
    [Fact]
    public async Task JobsAboveTheRate_AreSentLater_OnceAndCertain()
    {
        await using var platform = await DeliverPlatform.PrepareAsync(("Shaping:Groups:127.0.0.1:Messages", "4"));
        await platform.StartFunctionAsync();
        var waiting = Enumerable.Range(0, 24).Select(_ => platform.Job("a@example.net")).ToArray();
        var started = TimeProvider.System.GetTimestamp();
        foreach (var job in waiting)
        {
            await platform.PublishAsync(job);
        }

        foreach (var job in waiting)
        {
            await platform.EventAsync(job.Job.EmailId, EmailEventKind.Attempted, 1);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(4));
        foreach (var job in waiting)
        {
            await platform.NothingLeftAsync(job.Job.EmailId);
            Assert.Equal([EmailEventKind.Attempted], platform.EventsOf(job.Job.EmailId).Select(each => each.Kind));
            Assert.Equal(1, platform.CopiesOf(job.Job.EmailId));
        }
    }

    [Fact]
    public async Task JobThatWasPutOffByAKilledProcess_IsSentOnce()
    {
        await using var platform = await DeliverPlatform.PrepareAsync();
        var job = platform.Job("a@example.net");
        await platform.PublishAsync(job);
        await platform.TakeAndForgetAsync();
        await platform.App.Services.GetRequiredService<JobPublisher>().PutOffAsync(job, TimeProvider.System.GetUtcNow().AddSeconds(8), sequence: 1);

        await platform.StartFunctionAsync();

        await platform.EventAsync(job.Job.EmailId, EmailEventKind.Attempted, 1);
        await platform.NothingLeftAsync(job.Job.EmailId);
        Assert.Equal([EmailEventKind.Attempted], platform.EventsOf(job.Job.EmailId).Select(each => each.Kind));
        Assert.Equal(1, platform.CopiesOf(job.Job.EmailId));
    }

    [Fact]
    public async Task JobThatCameOverHttp_IsToComeAgainLater()
    {
        await using var platform = await DeliverPlatform.PrepareAsync();
        await platform.StartFunctionAsync();
        var gate = platform.App.Services.GetRequiredService<MailPace.Deliver.Shaping.GroupGate>();
        var (_, lane) = await gate.EnterAsync("127.0.0.1", TestContext.Current.CancellationToken);
        await lane.ReleaseAsync(TestContext.Current.CancellationToken);

        var outcome = await platform.Handler.HandleAsync(platform.Job("a@example.net"), new DeliverySituation(TimeProvider.System.GetTimestamp(), MayBeRepeat: false), TestContext.Current.CancellationToken);

        Assert.IsType<JobOutcome.RetryAfter>(outcome);
    }

    [Fact]
    public async Task RepeatThatFindsNoRoomAndNoTime_KeepsTheOutcomeOfTheEarlierRun()
    {
        await using var platform = await DeliverPlatform.PrepareAsync();
        await platform.StartFunctionAsync();
        var job = platform.Job("a@example.net");
        job = job with { Job = job.Job with { ExpiresAt = TimeProvider.System.GetUtcNow() } };
        await platform.Handler.HandleAsync(job, new DeliverySituation(TimeProvider.System.GetTimestamp(), MayBeRepeat: false), TestContext.Current.CancellationToken);
        await platform.EventAsync(job.Job.EmailId, EmailEventKind.Attempted, 1);
        var gate = platform.App.Services.GetRequiredService<MailPace.Deliver.Shaping.GroupGate>();
        var (_, lane) = await gate.EnterAsync("127.0.0.1", TestContext.Current.CancellationToken);
        await lane.ReleaseAsync(TestContext.Current.CancellationToken);

        var outcome = await platform.Handler.HandleAsync(job, new DeliverySituation(TimeProvider.System.GetTimestamp(), MayBeRepeat: true), TestContext.Current.CancellationToken);

        var marker = platform.Job("b@example.net");
        marker = marker with { Job = marker.Job with { ExpiresAt = TimeProvider.System.GetUtcNow() } };
        await platform.Handler.HandleAsync(marker, new DeliverySituation(TimeProvider.System.GetTimestamp(), MayBeRepeat: false), TestContext.Current.CancellationToken);
        Assert.Equal(RecipientState.Expired, (await platform.EventAsync(marker.Job.EmailId, EmailEventKind.Attempted, 1)).Outcomes[0].State);
        Assert.IsType<JobOutcome.Completed>(outcome);
        var attempted = Assert.Single(platform.EventsOf(job.Job.EmailId));
        Assert.Equal(RecipientState.Delivered, attempted.Outcomes[0].State);
    }
}
