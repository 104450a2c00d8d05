using MailPace.Contracts;
using MailPace.Deliver.Shaping;
using MailPace.Mail.Retries;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Publishing;
using MailPace.Smtp.Connections;
using MailPace.Smtp.Delivery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Deliver;

/// <summary>
/// Delivers one job, as a list of steps whose order is what keeps mail from being lost or doubled:
/// <list type="number">
/// <item>Is there time left? A job that waited too long goes back unsent.</item>
/// <item>Is there room in its MX group? If not soon, it's put off: it holds no handler, and the attempt isn't made.</item>
/// <item>May it be a repeat? If history knows the outcome, it's done; if not, the attempt is recorded as uncertain first.</item>
/// <item>Send, if the content is there.</item>
/// <item>Make the outcome durable in EVENTS.</item>
/// <item>Schedule the next attempt for the recipients that were deferred.</item>
/// <item>Acknowledge (the driver does).</item>
/// </list>
/// A run that dies between two steps is repeated from the first, and the third finds out how far it came.
/// </summary>
internal sealed partial class DeliverHandler(
    SmtpDeliverer deliverer,
    EventPublisher events,
    JobPublisher jobs,
    BlobStore blobs,
    AttemptHistory history,
    JobInspector inspector,
    GroupFinder groups,
    GroupGate gate,
    RetrySchedule schedule,
    TimeProvider time,
    IOptions<DeliverOptions> options,
    ILogger<DeliverHandler> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly DeliverOptions _options = options.Value;
    private readonly RouteTable _routes = new(options.Value);

    public async ValueTask<JobOutcome> HandleAsync(ConsumedMessage message, CancellationToken cancellationToken)
    {
        JobPayload payload;
        try
        {
            payload = JobCodec.Read(message.Data);
        }
        catch (JobFormatException unreadable)
        {
            return new JobOutcome.Discard(unreadable.Message);
        }

        return await HandleAsync(payload, new DeliverySituation(message.ReceivedTimestamp, message.MayBeRepeat || payload.Job.MayRepeat, message.Sequence), cancellationToken);
    }

    public async Task<JobOutcome> HandleAsync(JobPayload payload, DeliverySituation situation, CancellationToken cancellationToken)
    {
        var job = payload.Job;
        if (job.Recipients.Count == 0)
        {
            return new JobOutcome.Discard("The job names no recipient.");
        }

        using var activity = DeliverTrace.StartJob(job);
        if (TimeLeft(situation) < _options.MaxJobLifetime / 2)
        {
            return new JobOutcome.RetryAfter(TimeSpan.Zero, "It waited for a free handler for too long.");
        }

        var route = _routes.For(job.RecipientDomain);
        var group = await groups.FindAsync(route);
        var (admission, lane) = await gate.EnterAsync(group, cancellationToken);
        if (admission is Admission.GivenBack givenBack)
        {
            return time.GetUtcNow() < job.ExpiresAt ? await PutOffAsync(payload, givenBack, situation) : await ExpireAsync(payload, givenBack, situation, cancellationToken);
        }

        DeliveryResult result;
        using ((Admission.Admitted)admission)
        {
            if (situation.MayBeRepeat && await SettleRepeatAsync(payload, situation, cancellationToken) is { } settled)
            {
                return settled;
            }

            result = await IsContentMissingAsync(job, cancellationToken)
                ? WithoutContent(job)
                : await SendAsync(payload, route, lane.Connections, TimeLeft(situation), cancellationToken);
        }

        lane.Heard(result.Outcomes);
        return await EndAsync(payload, result, situation);
    }

    private async Task<JobOutcome> EndAsync(JobPayload payload, DeliveryResult result, DeliverySituation situation)
    {
        var job = payload.Job;
        var next = NextAttemptAt(job, result);
        var outcomes = next is null ? Expire(result.Outcomes) : result.Outcomes;
        await RecordAsync(job, result, outcomes, next, situation);
        if (next is { } at)
        {
            await ScheduleAsync(payload, Deferred(outcomes), at, mayRepeat: false);
        }

        return JobOutcome.Done;
    }

    private static IReadOnlyList<RecipientOutcome> Expire(IReadOnlyList<RecipientOutcome> outcomes)
        => [.. outcomes.Select(outcome => outcome.State == RecipientState.Deferred ? outcome with { State = RecipientState.Expired } : outcome)];

    private static HashSet<int> Deferred(IEnumerable<RecipientOutcome> outcomes)
        => [.. outcomes.Where(outcome => outcome.State == RecipientState.Deferred).Select(outcome => outcome.Ordinal)];

    private TimeSpan TimeLeft(DeliverySituation situation) => _options.MaxJobLifetime - time.GetElapsedTime(situation.ReceivedTimestamp);

    /// <summary>Gives the job back until its group is expected to have room. JOBS holds it: no handler, no process.</summary>
    private async Task<JobOutcome> PutOffAsync(JobPayload payload, Admission.GivenBack givenBack, DeliverySituation situation)
    {
        DeliverMetrics.PutOff();
        LogPutOff(payload.Job.EmailId, payload.Job.JobNumber, givenBack.Delay, givenBack.Reason);
        if (situation.Sequence == 0)
        {
            return new JobOutcome.RetryAfter(givenBack.Delay, givenBack.Reason);
        }

        var job = payload.Job with { MayRepeat = situation.MayBeRepeat };
        await jobs.PutOffAsync(payload with { Job = job }, time.GetUtcNow() + givenBack.Delay, situation.Sequence);
        return JobOutcome.Done;
    }

    /// <summary>No time is left to wait for room. What an earlier run did stands: it may have been sent.</summary>
    private async Task<JobOutcome> ExpireAsync(JobPayload payload, Admission.GivenBack givenBack, DeliverySituation situation, CancellationToken cancellationToken)
        => situation.MayBeRepeat && await SettleRepeatAsync(payload, situation, cancellationToken) is { } settled
            ? settled
            : await EndAsync(payload, WithoutRoom(payload.Job, givenBack), situation);

    /// <returns>The outcome of the repeat; null when it's to be sent.</returns>
    private async Task<JobOutcome?> SettleRepeatAsync(JobPayload payload, DeliverySituation situation, CancellationToken cancellationToken)
    {
        var job = payload.Job;
        if (situation.Sequence > 0 && await inspector.IsSupersededAsync(job.EmailId, job.JobNumber, situation.Sequence, cancellationToken))
        {
            LogSuperseded(job.EmailId, job.JobNumber, job.Attempt);
            return JobOutcome.Done;
        }

        var recorded = await history.FindAsync(job, cancellationToken);
        return await recorded.Match<Task<JobOutcome?>>(
            final: _ =>
            {
                NoteRepeat(job);
                return Task.FromResult<JobOutcome?>(JobOutcome.Done);
            },
            deferred: async attempt =>
            {
                // The schedule may have been lost with the run: the same id keeps it from being stored twice, the same subject from firing twice.
                // It may also have fired already, and the attempt that follows may have ended: that one asks history as well.
                NoteRepeat(job);
                await ScheduleAsync(payload, [.. attempt.Ordinals], attempt.NextAttemptAt ?? time.GetUtcNow() + schedule.DelayAfter(job.Attempt), mayRepeat: true);
                return JobOutcome.Done;
            },
            nothing: async _ =>
            {
                DeliverMetrics.Uncertain();
                LogUncertain(job.EmailId, job.JobNumber, job.Attempt);
                await events.PublishAsync(EventOf(job, EmailEventKind.Uncertain) with { Reason = "an earlier run of this attempt left no outcome" });
                return null;
            },
            unknown: answer => Task.FromResult<JobOutcome?>(new JobOutcome.RetryAfter(TimeSpan.FromSeconds(5), answer.Reason)));
    }

    private async Task<bool> IsContentMissingAsync(DeliveryJob job, CancellationToken cancellationToken)
        => job.BlobKey is { } key && !await blobs.HoldsAsync(key, cancellationToken);

    /// <summary>Somebody may put it back until the email expires; no remote is troubled meanwhile.</summary>
    private DeliveryResult WithoutContent(DeliveryJob job)
    {
        LogContentMissing(job.EmailId, job.JobNumber, job.BlobKey);
        return Unsent(job, new RemoteReply(0, "4.3.0", "the content of the message is missing in the blob store"), new DeliveryFault(FaultOwner.Infrastructure, FaultReason.System, FaultPermanence.Transient));
    }

    private static DeliveryResult WithoutRoom(DeliveryJob job, Admission.GivenBack givenBack)
        => Unsent(job, new RemoteReply(0, "4.7.0", givenBack.Reason), new DeliveryFault(FaultOwner.Reputation, FaultReason.Rate, FaultPermanence.Transient));

    private static DeliveryResult Unsent(DeliveryJob job, RemoteReply reply, DeliveryFault fault) => new()
    {
        Duration = TimeSpan.Zero,
        Outcomes = [.. job.Recipients.Select(recipient => new RecipientOutcome
        {
            Ordinal = recipient.Ordinal,
            Address = recipient.Address,
            State = RecipientState.Deferred,
            Reply = reply,
            Fault = fault,
        })],
    };

    private async Task<DeliveryResult> SendAsync(JobPayload payload, Route route, ConnectionQuota quota, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        var job = payload.Job;
        var request = new DeliveryRequest
        {
            Route = route,
            Quota = quota,
            RecipientDomain = job.RecipientDomain,
            ReversePath = job.ReturnPath,
            Recipients = job.Recipients,
            Content = new MessageContent(payload.Content, job.BlobKey is { } key ? _ => Task.FromResult(blobs.OpenRead(key)) : null),
            Size = job.Size,
            SmtpUtf8 = job.SmtpUtf8,
            EightBitMime = job.EightBitMime,
            TimeLimit = timeLeft,
        };
        using var conversation = DeliverTrace.StartConversation(job);
        var result = await deliverer.DeliverAsync(request, cancellationToken);
        DeliverTrace.End(conversation, result);
        return result;
    }

    /// <returns>Null when nobody is left to try, or no time is left to try them.</returns>
    private DateTimeOffset? NextAttemptAt(DeliveryJob job, DeliveryResult result)
    {
        if (!result.Outcomes.Any(outcome => outcome.State == RecipientState.Deferred))
        {
            return null;
        }

        var at = time.GetUtcNow() + result.Outcomes
            .Where(outcome => outcome.State == RecipientState.Deferred)
            .Min(outcome => schedule.DelayAfter(job.Attempt, outcome.Fault?.Reason ?? FaultReason.Unknown));
        return at > job.ExpiresAt ? null : at;
    }

    /// <summary>
    /// The message may be out: to run the job again is the last thing to do. So the event is tried for as long as the job may live.
    /// </summary>
    private async Task RecordAsync(DeliveryJob job, DeliveryResult result, IReadOnlyList<RecipientOutcome> outcomes, DateTimeOffset? next, DeliverySituation situation)
    {
        DeliverMetrics.Attempted(outcomes, result.Duration);
        if (result.IsUncertain)
        {
            DeliverMetrics.Uncertain();
        }

        var recorded = EventOf(job, EmailEventKind.Attempted) with
        {
            Outcomes = outcomes,
            RemoteHost = result.RemoteHost,
            RemoteAddress = result.RemoteAddress,
            Tls = result.Tls,
            TlsPolicy = result.TlsPolicy,
            TlsSessions = result.TlsSessions is { Count: > 0 } sessions ? sessions : null,
            DurationMilliseconds = (int)result.Duration.TotalMilliseconds,
            NextAttemptAt = next,
            Reason = result.IsUncertain ? "connection lost after end of data: the remote may have the message" : null,
        };
        while (true)
        {
            try
            {
                await events.PublishAsync(recorded);
                LogAttempted(job.EmailId, job.JobNumber, job.Attempt, result.RemoteHost, outcomes[0].State, outcomes[0].Reply.Code);
                return;
            }
            catch (NotDurableException failure) when (TimeLeft(situation) > Pause)
            {
                LogNotDurable(job.EmailId, job.JobNumber, failure.Message);
                await Task.Delay(Pause, time);
            }
        }
    }

    private Task ScheduleAsync(JobPayload payload, HashSet<int> ordinals, DateTimeOffset at, bool mayRepeat)
    {
        var job = payload.Job with
        {
            Attempt = payload.Job.Attempt + 1,
            MayRepeat = mayRepeat,
            Recipients = [.. payload.Job.Recipients.Where(recipient => ordinals.Contains(recipient.Ordinal))],
        };
        return jobs.ScheduleAsync(payload with { Job = job }, at);
    }

    private EmailEvent EventOf(DeliveryJob job, EmailEventKind kind) => new()
    {
        EmailId = job.EmailId,
        JobNumber = job.JobNumber,
        Attempt = job.Attempt,
        Kind = kind,
        OrganisationId = job.OrganisationId,
        DomainId = job.DomainId,
        AcceptedAt = job.AcceptedAt,
        At = time.GetUtcNow(),
        TraceParent = job.TraceParent,
    };

    private void NoteRepeat(DeliveryJob job)
    {
        DeliverMetrics.Repeated();
        LogRepeated(job.EmailId, job.JobNumber, job.Attempt);
    }

    [LoggerMessage(EventIds.Attempted, LogLevel.Information, "Email {EmailId} job {JobNumber} attempt {Attempt} at {Host}: {State} ({Code})")]
    private partial void LogAttempted(long emailId, int jobNumber, int attempt, string? host, RecipientState state, int code);

    [LoggerMessage(EventIds.ContentMissing, LogLevel.Error, "Email {EmailId} job {JobNumber} can't be sent: the blob store lacks {BlobKey}")]
    private partial void LogContentMissing(long emailId, int jobNumber, string? blobKey);

    [LoggerMessage(EventIds.GivenBack, LogLevel.Debug, "Email {EmailId} job {JobNumber} comes again in {Delay}: {Reason}")]
    private partial void LogPutOff(long emailId, int jobNumber, TimeSpan delay, string reason);

    [LoggerMessage(EventIds.Superseded, LogLevel.Information, "Email {EmailId} job {JobNumber} attempt {Attempt} was put off or scheduled by an earlier run: not sent by this one")]
    private partial void LogSuperseded(long emailId, int jobNumber, int attempt);

    [LoggerMessage(EventIds.Repeated, LogLevel.Information, "Email {EmailId} job {JobNumber} attempt {Attempt} has its outcome already: not sent again")]
    private partial void LogRepeated(long emailId, int jobNumber, int attempt);

    [LoggerMessage(EventIds.Uncertain, LogLevel.Warning, "Email {EmailId} job {JobNumber} attempt {Attempt} may have been sent by an earlier run; it's sent again with the same Message-ID")]
    private partial void LogUncertain(long emailId, int jobNumber, int attempt);

    [LoggerMessage(EventIds.EventNotDurable, LogLevel.Error, "The outcome of email {EmailId} job {JobNumber} isn't durable yet, trying again: {Reason}")]
    private partial void LogNotDurable(long emailId, int jobNumber, string reason);
}
