using System.Text.Json;
using MailPace.Contracts;
using MailPace.Mail.Bounces;
using MailPace.Mail.ReturnPaths;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Publishing;
using MailPace.Storage;
using MailPace.Storage.History;
using Microsoft.Extensions.Logging;

namespace MailPace.Bounce;

/// <summary>
/// Turns reports into events, as a list of steps:
/// <list type="number">
/// <item>Read the report.</item>
/// <item>Is it proven to be about an email of ours? If not, it changes nothing and is counted.</item>
/// <item>Whose email is it? History knows.</item>
/// <item>Make the outcomes durable in EVENTS; acknowledge (the driver does).</item>
/// </list>
/// A bundle that comes again leads to the same events, which history holds once.
/// </summary>
internal sealed partial class BounceHandler(
    ReturnPathProof proof, Emails emails, EventPublisher events, BlobStore blobs, TimeProvider time, ILogger<BounceHandler> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>History follows within a second, but for when PostgreSQL is away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async ValueTask<JobOutcome> HandleAsync(ConsumedMessage message, CancellationToken cancellationToken)
    {
        BundleItem[] items;
        try
        {
            items = Bundle.Read(message.Data);
        }
        catch (BundleFormatException unreadable)
        {
            return new JobOutcome.Discard(unreadable.Message);
        }

        var worst = JobOutcome.Done;
        foreach (var item in items)
        {
            try
            {
                var outcome = await HandleAsync(item, cancellationToken);
                worst = worst is JobOutcome.Completed || outcome is JobOutcome.RetryAfter ? outcome : worst;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && PostgresFaults.IsTransient(error))
            {
                return new JobOutcome.RetryAfter(Pause, $"PostgreSQL is away: {error.Message}");
            }
        }

        return worst;
    }

    private async Task<JobOutcome> HandleAsync(BundleItem item, CancellationToken cancellationToken)
    {
        if (FactsOf(item) is not { } message)
        {
            return new JobOutcome.Discard($"The facts of inbound message {item.EmailId} can't be read.");
        }

        var report = await ReadAsync(message, item.Body, cancellationToken);
        if (report.Kind is ReportKind.None or ReportKind.AutoReply)
        {
            BounceMetrics.Read(report.Kind == ReportKind.None ? "no_report" : "auto_reply");
            return JobOutcome.Done;
        }

        var paths = proof.Of(message, report);
        if (paths.Count == 0)
        {
            BounceMetrics.Read("unproven");
            LogNotOurs(message.Id, message.TransactionId);
            return JobOutcome.Done;
        }

        foreach (var path in paths)
        {
            if (await emails.FindAsync(path.EmailId, cancellationToken) is not { } email)
            {
                if (time.GetUtcNow() - message.ReceivedAt < Patience)
                {
                    return new JobOutcome.RetryAfter(Pause, $"History doesn't know email {path.EmailId} yet.");
                }

                BounceMetrics.Read("unknown_email");
                LogUnknown(message.Id, path.EmailId);
                continue;
            }

            await RecordAsync(message, report, email, path);
        }

        return JobOutcome.Done;
    }

    private async Task RecordAsync(InboundMessage message, IncomingReport report, EmailHistory email, IssuedReturnPath path)
    {
        var outcomes = ReportOutcomes.Of(report, [.. email.Recipients.Where(recipient => recipient.JobNumber == path.JobNumber)]);
        if (outcomes.Count == 0)
        {
            BounceMetrics.Read("nothing_new");
            return;
        }

        await events.PublishAsync(new EmailEvent
        {
            EmailId = email.Id,
            JobNumber = path.JobNumber,
            Attempt = 0,
            Kind = EmailEventKind.Reported,
            OrganisationId = email.OrganisationId,
            DomainId = email.DomainId,
            AcceptedAt = email.AcceptedAt,
            At = message.ReceivedAt,
            Outcomes = outcomes,
            RemoteHost = report.Recipients.Select(recipient => recipient.RemoteHost).FirstOrDefault(host => host is not null),
            TraceParent = message.TraceParent,
        });
        BounceMetrics.Read(report.Kind == ReportKind.Feedback ? "complained" : "delivery_status");
        LogReported(email.Id, path.JobNumber, outcomes[0].State, outcomes[0].Fault?.Reason);
    }

    private async Task<IncomingReport> ReadAsync(InboundMessage message, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await using Stream content = message.BlobKey is { } key ? blobs.OpenRead(key) : new MemoryStream(body.ToArray(), writable: false);
        return await ReportReader.ReadAsync(content, cancellationToken);
    }

    private static InboundMessage? FactsOf(BundleItem item)
    {
        try
        {
            return JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.InboundMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(EventIds.Reported, LogLevel.Information, "A report says that email {EmailId} job {JobNumber} is {State}: {Reason}")]
    private partial void LogReported(long emailId, int jobNumber, RecipientState state, FaultReason? reason);

    [LoggerMessage(EventIds.NotOurs, LogLevel.Information, "Inbound message {Id} ({TransactionId}) is a report without proof that it is about an email of ours: it changes nothing")]
    private partial void LogNotOurs(long id, string transactionId);

    [LoggerMessage(EventIds.Unknown, LogLevel.Warning, "Inbound message {Id} is about email {EmailId}, which history doesn't know (any more)")]
    private partial void LogUnknown(long id, long emailId);
}
