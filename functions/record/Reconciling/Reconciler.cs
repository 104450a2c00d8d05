using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Publishing;
using MailPace.Storage;
using MailPace.Storage.History;
using MailPace.Storage.Reconciling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Record.Reconciling;

/// <summary>
/// Makes lost jobs again. JOBS may lose its last messages with its server, and all of them in a power cut; MAIL and EVENTS hold what it
/// takes to restore them. Specification:
/// <list type="bullet">
/// <item>A job is looked at when JOBS, the server, and the job's last sign of life (accepted, last event, next attempt due) are older than
/// <see cref="ReconcilerOptions.MaxJobLifetime"/>: until then a process may still hold it.</item>
/// <item>It is re-driven only if, in this order: (1) <c>sign</c> has acknowledged its bundle; (2) JOBS holds it in no form, at a time t; (3) the
/// last sequences of EVENTS are read after t; (4) the projection has reached them; (5) history still knows no outcome; and JOBS still
/// doesn't hold it. An outcome is durable before its job is acknowledged, so an email with an outcome is never sent again by this.</item>
/// <item>The event <c>Redriven</c> is durable before the request is published: it explains what follows, and is a sign of life.</item>
/// <item>Each walk begins by removing what JOBS holds though it's acknowledged: it would count as held.</item>
/// <item>The walk is slow all the time, a batch per interval, and without a pause after JOBS or the server began anew, until it's through.</item>
/// <item>At the end of a walk it says what is stuck: jobs whose email MAIL no longer holds, jobs re-driven again and again.</item>
/// </list>
/// </summary>
internal sealed partial class Reconciler(
    INatsJSContext jetStream,
    JobInspector inspector,
    AcknowledgedJobs acknowledged,
    JobsBirth birth,
    OpenJobs openJobs,
    ProjectionCursors cursors,
    EventPublisher events,
    JobPublisher jobs,
    IOptions<ReconcilerOptions> options,
    IOptions<NatsOptions> nats,
    TimeProvider time,
    ILogger<Reconciler> logger)
{
    /// <summary>Beyond MAIL's age nothing can be re-driven; what is older than this as well is reported no more.</summary>
    private static readonly TimeSpan ReportedLonger = TimeSpan.FromDays(2);

    private static readonly TimeSpan ProjectionPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProjectionPoll = TimeSpan.FromMilliseconds(50);

    private readonly ILogger logger = logger;
    private OpenJobCursor position = OpenJobCursor.Start;
    private long beyondRescue;
    private long oftenRedriven;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = options.Value.Interval;
            try
            {
                pause = await StepAsync(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && IsTransient(failure))
            {
                LogFailed(failure);
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Looks at one batch; answers how long to wait before the next.</summary>
    internal async Task<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        var quietSince = time.GetUtcNow() - options.Value.MaxJobLifetime;
        if (await birth.ReadAsync(cancellationToken) > quietSince)
        {
            position = OpenJobCursor.Start;
            return options.Value.Interval;
        }

        if (position == OpenJobCursor.Start && await acknowledged.RemoveAsync(cancellationToken) is > 0 and var removed)
        {
            LogRemovedAcknowledged(removed);
        }

        var hurry = await birth.FullWalkReasonAsync(cancellationToken);
        if (hurry is not null && position == OpenJobCursor.Start)
        {
            LogFullSpeed(hurry);
        }

        var horizon = time.GetUtcNow() - nats.Value.MailMaxAge - ReportedLonger;
        var batch = await openJobs.ListQuietAsync(position, quietSince, horizon, options.Value.BatchSize, cancellationToken);
        if (batch.Count == 0)
        {
            await EndWalkAsync(cancellationToken);
            return options.Value.Interval;
        }

        foreach (var job in await FindLostAsync(batch, quietSince, cancellationToken))
        {
            await RedriveAsync(job);
        }

        position = OpenJobCursor.After(batch[^1]);
        return hurry is null ? options.Value.Interval : TimeSpan.Zero;
    }

    private static bool IsTransient(Exception failure)
        => PostgresFaults.IsTransient(failure) || failure is NatsException or NotDurableException or OperationCanceledException;

    private async Task<IReadOnlyList<OpenJob>> FindLostAsync(IReadOnlyList<OpenJob> batch, DateTimeOffset quietSince, CancellationToken cancellationToken)
    {
        var signed = await KeepSignedAsync(batch, cancellationToken);
        var missing = await inspector.MissingAsync(signed, cancellationToken);
        if (missing.Count == 0 || !await IsProjectedAsync(cancellationToken))
        {
            return [];
        }

        var open = (await openJobs.ReadAgainAsync(missing, cancellationToken)).Where(job => job.LastSignAt < quietSince).ToArray();
        return await inspector.MissingAsync(open, cancellationToken);
    }

    private async Task<IReadOnlyList<OpenJob>> KeepSignedAsync(IReadOnlyList<OpenJob> batch, CancellationToken cancellationToken)
    {
        var kept = new List<OpenJob>();
        foreach (var partition in batch.GroupBy(static job => job.MailPartition))
        {
            var signedUpTo = await inspector.SignedUpToAsync(partition.Key, cancellationToken);
            var mail = await jetStream.GetStreamAsync(Streams.Mail(partition.Key), cancellationToken: cancellationToken);
            var firstHeld = (long)mail.Info.State.FirstSeq;
            beyondRescue += partition.Count(job => job.MailSequence < firstHeld);
            kept.AddRange(partition.Where(job => job.MailSequence >= firstHeld && job.MailSequence <= signedUpTo));
        }

        return kept;
    }

    /// <summary>Whatever EVENTS holds now is in history.</summary>
    private async Task<bool> IsProjectedAsync(CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < nats.Value.Partitions; partition++)
        {
            var stream = Streams.Events(partition);
            var last = await inspector.LastSequenceAsync(stream, cancellationToken);
            var started = time.GetTimestamp();
            while (await cursors.ReadSequenceAsync(stream, cancellationToken) < last)
            {
                if (time.GetElapsedTime(started) > ProjectionPatience)
                {
                    return false;
                }

                await Task.Delay(ProjectionPoll, time, cancellationToken);
            }
        }

        return true;
    }

    private async Task RedriveAsync(OpenJob job)
    {
        const string Reason = "JOBS held neither the job nor its schedule";
        if (job.Redrives >= options.Value.OftenRedriven)
        {
            oftenRedriven++;
            LogOftenRedriven(job.EmailId, job.JobNumber, job.Redrives);
        }

        var attempt = job.Attempt + 1;
        await events.PublishAsync(new EmailEvent
        {
            EmailId = job.EmailId,
            JobNumber = job.JobNumber,
            Attempt = attempt,
            Kind = EmailEventKind.Redriven,
            OrganisationId = job.OrganisationId,
            DomainId = job.DomainId,
            AcceptedAt = job.AcceptedAt,
            At = time.GetUtcNow(),
            Reason = Reason,
        });
        await jobs.RequestRedriveAsync(new RedriveRequest
        {
            EmailId = job.EmailId,
            JobNumber = job.JobNumber,
            Attempt = attempt,
            Ordinals = job.Ordinals,
            MailPartition = job.MailPartition,
            MailSequence = job.MailSequence,
            Reason = Reason,
        });
        RecordMetrics.Redriven();
        LogRedriven(job.EmailId, job.JobNumber, attempt);
    }

    private async Task EndWalkAsync(CancellationToken cancellationToken)
    {
        await birth.FullWalkDoneAsync(cancellationToken);
        await ReportOldestAsync(cancellationToken);
        RecordMetrics.Stuck("beyond_rescue", beyondRescue);
        RecordMetrics.Stuck("often_redriven", oftenRedriven);
        if (beyondRescue > 0)
        {
            LogBeyondRescue(beyondRescue);
        }

        LogWalkEnded();
        position = OpenJobCursor.Start;
        beyondRescue = 0;
        oftenRedriven = 0;
    }

    private async Task ReportOldestAsync(CancellationToken cancellationToken)
    {
        var oldest = await inspector.OldestWaitingAsync(cancellationToken);
        var age = oldest is { } since ? time.GetUtcNow() - since : TimeSpan.Zero;
        RecordMetrics.OldestWaiting(age);
        if (age > options.Value.MaxJobLifetime)
        {
            LogOldestWaiting(age);
        }
    }

    [LoggerMessage(EventIds.FullSpeed, LogLevel.Warning, "{Reason}: every open job is looked for")]
    private partial void LogFullSpeed(string reason);

    [LoggerMessage(EventIds.WalkEnded, LogLevel.Debug, "Every open job was looked at")]
    private partial void LogWalkEnded();

    [LoggerMessage(EventIds.Redriven, LogLevel.Warning, "Job {JobNumber} of email {EmailId} was lost and is made again, attempt {Attempt}")]
    private partial void LogRedriven(long emailId, int jobNumber, int attempt);

    [LoggerMessage(EventIds.OftenRedriven, LogLevel.Error, "Job {JobNumber} of email {EmailId} is stuck: it was made again {Redrives} times and has no outcome")]
    private partial void LogOftenRedriven(long emailId, int jobNumber, int redrives);

    [LoggerMessage(EventIds.BeyondRescue, LogLevel.Error, "{Jobs} jobs have no outcome and can't be made again: MAIL no longer holds their emails")]
    private partial void LogBeyondRescue(long jobs);

    [LoggerMessage(EventIds.OldestWaiting, LogLevel.Warning, "The oldest job that is due waits for {Age}: deliveries don't keep up")]
    private partial void LogOldestWaiting(TimeSpan age);

    [LoggerMessage(EventIds.RemovedAcknowledged, LogLevel.Warning, "JOBS still held {Jobs} jobs that were acknowledged before nats-server broke off; they are removed")]
    private partial void LogRemovedAcknowledged(int jobs);

    [LoggerMessage(EventIds.ReconcilerFailed, LogLevel.Warning, "The reconciler can't look for lost jobs now")]
    private partial void LogFailed(Exception failure);
}
