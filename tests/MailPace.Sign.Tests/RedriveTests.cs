using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Publishing;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
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
    public async Task RepeatedRequest_WhoseJobIsThere_MakesNoSecondOne()
    {
        await using var sign = await SignProcess.PrepareAsync();
        await sign.AddDomainAsync(1, "demo.example");
        var request = Request(await sign.PublishAsync(Email(7, "b@one.example"), Mime), jobNumber: 0, attempt: 1, 0);
        var handler = sign.Get<RedriveHandler>();

        Assert.Equal(JobOutcome.Done, await handler.HandleAsync(request, deliveries: 1, mayRepeat: true, TestContext.Current.CancellationToken));
        Assert.Equal(1, await sign.JobsStoredAsync());
        Assert.Equal(JobOutcome.Done, await handler.HandleAsync(request with { Attempt = 2 }, deliveries: 1, mayRepeat: true, TestContext.Current.CancellationToken));

        Assert.Equal(1, await sign.JobsStoredAsync());
    }

    [Fact]
    public async Task EmailThatCantBeSignedUntilTheHorizon_Expires()
    {
        await using var sign = await SignProcess.PrepareAsync();
        var stored = await sign.PublishAsync(Email(7, "b@one.example") with { AcceptedAt = TimeProvider.System.GetUtcNow().AddDays(-3).AddMinutes(-1) }, Mime);

        var outcome = await sign.Get<RedriveHandler>().HandleAsync(Request(stored, jobNumber: 0, attempt: 1, 0), deliveries: 1, mayRepeat: false, TestContext.Current.CancellationToken);

        Assert.Equal(JobOutcome.Done, outcome);
        var events = await sign.Get<INatsJSContext>().GetStreamAsync(Streams.Events(0), cancellationToken: TestContext.Current.CancellationToken);
        var bundle = Bundle.Read((await events.GetAsync(new StreamMsgGetRequest { Seq = 1 }, TestContext.Current.CancellationToken)).Message.Data);
        var expired = JsonSerializer.Deserialize(Assert.Single(bundle).Metadata.Span, ContractsJsonContext.Default.EmailEvent)!;
        Assert.Equal((7, EmailEventKind.Attempted, RecipientState.Expired), (expired.EmailId, expired.Kind, Assert.Single(expired.Outcomes).State));
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
