using MailPace.Contracts;
using MailPace.Messaging.Consuming;
using Microsoft.Extensions.DependencyInjection;

namespace MailPace.Deliver.Tests;

/// <summary>A process that is killed never answers: the server gives its job to another after the ack wait.</summary>
public sealed class RedeliveredJobTests
{
    [Fact]
    public async Task JobOfAKilledProcess_IsSentAgainOnlyWithoutRecordedOutcome()
    {
        await using var platform = await DeliverPlatform.PrepareAsync();
        platform.Script("later@example.net", "450 4.2.0 greylisted\r\n");

        // Killed after the outcome was durable, before the acknowledgement.
        var recorded = platform.Job("recorded@example.net");
        await TakeAndRunAsync(platform, recorded);

        // The same, with a recipient that is to be tried again.
        var deferred = platform.Job("later@example.net");
        await TakeAndRunAsync(platform, deferred);

        // Killed before the outcome was durable.
        var lost = platform.Job("lost@example.net");
        await platform.PublishAsync(lost);
        await platform.TakeAndForgetAsync();

        await platform.StartFunctionAsync();

        await platform.EventAsync(lost.Job.EmailId, EmailEventKind.Uncertain, 1);
        await platform.EventAsync(lost.Job.EmailId, EmailEventKind.Attempted, 1);
        await platform.EventAsync(deferred.Job.EmailId, EmailEventKind.Attempted, 2);
        foreach (var job in new[] { recorded, deferred, lost })
        {
            await platform.NothingLeftAsync(job.Job.EmailId);
            Assert.Equal(1, platform.CopiesOf(job.Job.EmailId));
        }

        Assert.Equal([EmailEventKind.Attempted], platform.EventsOf(recorded.Job.EmailId).Select(each => each.Kind));
        Assert.Equal([(EmailEventKind.Attempted, 1), (EmailEventKind.Attempted, 2)], platform.EventsOf(deferred.Job.EmailId).Select(each => (each.Kind, each.Attempt)));
    }

    [Fact]
    public async Task DeferredJobThatIsScheduledAgain_AsksHistoryAtItsNextAttempt()
    {
        await using var platform = await DeliverPlatform.PrepareAsync();
        platform.Script("later@example.net", "450 4.2.0 greylisted\r\n");
        var job = platform.Job("later@example.net");
        await TakeAndRunAsync(platform, job);
        Assert.False((await platform.TakeScheduledAsync()).MayRepeat);
        await platform.LoseJobsAsync(); // and the ids of what it was given

        await platform.Handler.HandleAsync(job, new DeliverySituation(TimeProvider.System.GetTimestamp(), MayBeRepeat: true), TestContext.Current.CancellationToken);
        var again = await platform.TakeScheduledAsync();

        Assert.Equal((job.Job.EmailId, 2, true), (again.EmailId, again.Attempt, again.MayRepeat));
        Assert.Equal([EmailEventKind.Attempted], platform.EventsOf(job.Job.EmailId).Select(each => each.Kind));
    }

    [Fact]
    public async Task JobsThatWaitedForTheProcess_AreNotUncertain()
    {
        await using var platform = await DeliverPlatform.PrepareAsync();
        var waiting = Enumerable.Range(0, 20).Select(_ => platform.Job("waits@example.net")).ToArray();
        foreach (var job in waiting)
        {
            await platform.PublishAsync(job);
        }

        await platform.StartFunctionAsync();

        foreach (var job in waiting)
        {
            await platform.EventAsync(job.Job.EmailId, EmailEventKind.Attempted, 1);
            await platform.NothingLeftAsync(job.Job.EmailId);
            Assert.Equal([EmailEventKind.Attempted], platform.EventsOf(job.Job.EmailId).Select(each => each.Kind));
        }
    }

    [Fact]
    public async Task RepeatedJob_WithoutPostgres_WaitsUnsent()
    {
        await using var platform = await DeliverPlatform.PrepareAsync();
        await using var withoutPostgres = platform.Build("Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=2");
        var handler = withoutPostgres.Services.GetRequiredService<DeliverHandler>();
        var job = platform.Job("waits@example.net");

        var outcome = await handler.HandleAsync(job, new DeliverySituation(TimeProvider.System.GetTimestamp(), MayBeRepeat: true), TestContext.Current.CancellationToken);

        Assert.IsType<JobOutcome.RetryAfter>(outcome);
        Assert.Equal(0, platform.CopiesOf(job.Job.EmailId));
    }

    [Fact]
    public async Task JobThatWaitedTooLong_GoesBackUnsent()
    {
        await using var platform = await DeliverPlatform.PrepareAsync();
        var job = platform.Job("old@example.net");
        var longAgo = TimeProvider.System.GetTimestamp() - (long)(TimeSpan.FromMinutes(6).TotalSeconds * TimeProvider.System.TimestampFrequency);

        var outcome = await platform.Handler.HandleAsync(job, new DeliverySituation(longAgo, MayBeRepeat: false), TestContext.Current.CancellationToken);

        Assert.IsType<JobOutcome.RetryAfter>(outcome);
        Assert.Equal(0, platform.CopiesOf(job.Job.EmailId));
    }

    private static async Task TakeAndRunAsync(DeliverPlatform platform, Messaging.Jobs.JobPayload job)
    {
        await platform.PublishAsync(job);
        await platform.TakeAndForgetAsync();
        await platform.Handler.HandleAsync(job, new DeliverySituation(TimeProvider.System.GetTimestamp(), MayBeRepeat: false), TestContext.Current.CancellationToken);
        await platform.EventAsync(job.Job.EmailId, EmailEventKind.Attempted, 1);
    }
}
