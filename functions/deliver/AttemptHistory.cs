using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Jobs;
using MailPace.Storage.History;
using Microsoft.Extensions.Options;

namespace MailPace.Deliver;

/// <summary>Asks history whether this attempt has an outcome, as of what EVENTS held at the moment of the question.</summary>
internal sealed class AttemptHistory(JobInspector streams, AttemptLedger ledger, IOptions<NatsOptions> nats)
{
    public async Task<RecordedAttempt> FindAsync(DeliveryJob job, CancellationToken cancellationToken)
    {
        var stream = Streams.Events((int)(job.EmailId % nats.Value.Partitions));
        var sequence = await streams.LastSequenceAsync(stream, cancellationToken);
        return await ledger.FindAsync(
            new AttemptQuestion
            {
                EmailId = job.EmailId,
                AcceptedAt = job.AcceptedAt,
                JobNumber = job.JobNumber,
                Attempt = job.Attempt,
                EventsStream = stream,
                EventsSequence = sequence,
            },
            cancellationToken);
    }
}
