using System.Text.Json;
using MailPace.Contracts;
using MailPace.Mail.Retries;
using MailPace.Mail.Submission;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Sign;

/// <summary>Makes one job again from MAIL: for the reconciler, when JOBS has lost it, and for an email that had no usable keys when its bundle came.</summary>
internal sealed partial class RedriveHandler(
    INatsJSContext jetStream, EmailSigner signer, JobFactory jobs, JobPublisher publisher, JobInspector inspector, EventPublisher events,
    IOptions<RetryOptions> retries, TimeProvider time, ILogger<RedriveHandler> log)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public ValueTask<JobOutcome> HandleAsync(ConsumedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Data.Span, ContractsJsonContext.Default.RedriveRequest) is { } request
                ? HandleAsync(request, message.Deliveries, message.MayBeRepeat, cancellationToken)
                : ValueTask.FromResult<JobOutcome>(new JobOutcome.Discard("The redrive request is null."));
        }
        catch (JsonException e)
        {
            return ValueTask.FromResult<JobOutcome>(new JobOutcome.Discard($"No redrive request: {e.Message}"));
        }
    }

    /// <param name="request">What to make again.</param>
    /// <param name="deliveries">How often it was asked for.</param>
    /// <param name="mayRepeat">An earlier run may have made the job.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<JobOutcome> HandleAsync(RedriveRequest request, long deliveries, bool mayRepeat, CancellationToken cancellationToken)
    {
        if (await FindAsync(request, cancellationToken) is not { } found)
        {
            return new JobOutcome.Discard($"MAIL-{request.MailPartition} no longer holds email {request.EmailId} at {request.MailSequence}.");
        }

        var (email, body) = found;
        var plan = DeliveryPlan.Of(email).FirstOrDefault(part => part.JobNumber == request.JobNumber);
        var recipients = plan?.Recipients.Where(recipient => request.Ordinals.Contains(recipient.Ordinal)).ToList();
        if (plan is null || recipients is not { Count: > 0 })
        {
            return new JobOutcome.Discard($"Email {request.EmailId} has no job {request.JobNumber} with those recipients.");
        }

        if (mayRepeat && await inspector.HoldsDeliveryAsync(request.EmailId, request.JobNumber, cancellationToken))
        {
            return JobOutcome.Done; // two of them at the same time would both find no outcome, and both send
        }

        using var activity = SignMetrics.Start("redrive", email.TraceParent);
        var signature = await signer.SignAsync(email, body, cancellationToken);
        if (signature.Problem is { } problem)
        {
            if (time.GetUtcNow() > email.AcceptedAt + retries.Value.Horizon)
            {
                await events.PublishAsync(Expired(email, request, recipients, problem));
                SignMetrics.Email("expired");
                return JobOutcome.Done;
            }

            var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, deliveries * deliveries));
            LogWaits(request.EmailId, wait, problem);
            return new JobOutcome.RetryAfter(wait, problem);
        }

        // The lost job may have run: deliver asks history before it sends.
        await publisher.PublishAsync(
            jobs.Create(email, plan with { Recipients = recipients }, request.Attempt, signature.Fields, body, mayRepeat: true), JobOrigin.Redriven);
        SignMetrics.Email("redriven");
        return JobOutcome.Done;
    }

    /// <summary>It ends as an email does that no host took until the end of the retry horizon, so that nobody waits for it for ever.</summary>
    private EmailEvent Expired(AcceptedEmail email, RedriveRequest request, IEnumerable<JobRecipient> recipients, string problem) => new()
    {
        EmailId = email.Id,
        JobNumber = request.JobNumber,
        Attempt = request.Attempt,
        Kind = EmailEventKind.Attempted,
        OrganisationId = email.OrganisationId,
        DomainId = email.DomainId,
        AcceptedAt = email.AcceptedAt,
        At = time.GetUtcNow(),
        Outcomes = [.. recipients.Select(recipient => new RecipientOutcome
        {
            Ordinal = recipient.Ordinal,
            Address = recipient.Address,
            State = RecipientState.Expired,
            Reply = new RemoteReply(0, "4.4.7", problem),
        })],
        Reason = "it could not be signed until the end of the retry horizon",
        TraceParent = email.TraceParent,
    };

    private async Task<(AcceptedEmail Email, ReadOnlyMemory<byte> Body)?> FindAsync(RedriveRequest request, CancellationToken cancellationToken)
    {
        StreamMsgGetResponse response;
        try
        {
            var stream = await jetStream.GetStreamAsync(Streams.Mail(request.MailPartition), cancellationToken: cancellationToken);
            response = await stream.GetAsync(new StreamMsgGetRequest { Seq = (ulong)request.MailSequence }, cancellationToken);
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            return null;
        }

        foreach (var item in Bundle.Read(response.Message.Data))
        {
            if (item.EmailId == request.EmailId
                && JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.AcceptedEmail) is { } email)
            {
                return (email, item.Body);
            }
        }

        return null;
    }

    [LoggerMessage(EventIds.RedriveWaits, LogLevel.Warning, "Email {EmailId} is tried again in {Wait}: {Problem}")]
    private partial void LogWaits(long emailId, TimeSpan wait, string problem);
}
