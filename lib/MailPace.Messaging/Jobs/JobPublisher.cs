using System.Globalization;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Jobs;

/// <summary>Puts jobs into JOBS: now, later by a message schedule, or as a request to make one again. Each has an id that the dedup window knows a repeat by.</summary>
public sealed class JobPublisher(INatsJSContext jetStream, IOptions<PublishOptions> options, PublishHealth health, TimeProvider time)
{
    private readonly DurablePublish _publish = new(jetStream, options.Value, health, time);

    /// <param name="payload">The job.</param>
    /// <param name="origin">A job made again mustn't be swallowed by the id of the lost one.</param>
    /// <exception cref="NotDurableException">JOBS took it not.</exception>
    public Task PublishAsync(JobPayload payload, JobOrigin origin = JobOrigin.Accepted)
    {
        var job = payload.Job;
        var id = IdOf(job.EmailId, job.JobNumber, job.Attempt) + (origin == JobOrigin.Redriven ? ".r" : "");
        return _publish.SendOrThrowAsync(Subjects.Deliver(job.EmailId, job.JobNumber), payload, JobCodec.Instance, new NatsJSPubOpts { MsgId = id }, HeadersOf(job.TraceParent));
    }

    /// <summary>Schedules the job's next attempt; a schedule that the same job has already is replaced.</summary>
    public Task ScheduleAsync(JobPayload payload, DateTimeOffset at)
        => ScheduleAsync(payload, at, IdOf(payload.Job.EmailId, payload.Job.JobNumber, payload.Job.Attempt) + ".s");

    /// <summary>Puts off the same attempt, which wasn't made; as often as need be.</summary>
    /// <param name="payload">The job.</param>
    /// <param name="at">When it's to come again.</param>
    /// <param name="sequence">Sequence of the message that is given back: it's what tells one time from the next.</param>
    public Task PutOffAsync(JobPayload payload, DateTimeOffset at, long sequence)
        => ScheduleAsync(payload, at, string.Create(CultureInfo.InvariantCulture, $"{IdOf(payload.Job.EmailId, payload.Job.JobNumber, payload.Job.Attempt)}.p{sequence}"));

    /// <summary>Asks <c>sign</c> to make a lost job again.</summary>
    public Task RequestRedriveAsync(RedriveRequest request) => _publish.SendOrThrowAsync(
        Subjects.Redrive(request.EmailId, request.JobNumber),
        JsonSerializer.SerializeToUtf8Bytes(request, ContractsJsonContext.Default.RedriveRequest),
        NatsRawSerializer<byte[]>.Default,
        new NatsJSPubOpts { MsgId = IdOf(request.EmailId, request.JobNumber, request.Attempt) + ".q" },
        null);

    private Task<PubAckResponse> ScheduleAsync(JobPayload payload, DateTimeOffset at, string id)
    {
        var job = payload.Job;
        var headers = HeadersOf(job.TraceParent);
        headers["Nats-Schedule"] = "@at " + at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        headers["Nats-Schedule-Target"] = Subjects.Deliver(job.EmailId, job.JobNumber);
        return _publish.SendOrThrowAsync(
            Subjects.Retry(job.EmailId, job.JobNumber),
            payload,
            JobCodec.Instance,
            new NatsJSPubOpts { MsgId = id },
            headers);
    }

    private static string IdOf(long emailId, int jobNumber, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{emailId}.{jobNumber}.{attempt}");

    private static NatsHeaders HeadersOf(string? traceParent)
    {
        var headers = new NatsHeaders();
        if (traceParent is not null)
        {
            headers["traceparent"] = traceParent;
        }

        return headers;
    }
}
