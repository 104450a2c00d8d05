using MailPace.Contracts;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Jobs;

/// <summary>The questions about streams that the reconciler and a redelivered job ask.</summary>
public sealed class JobInspector(INatsJSContext jetStream)
{
    /// <summary>JOBS holds the job now: to deliver, scheduled, or to be made again.</summary>
    public Task<bool> HoldsAnyAsync(long emailId, int jobNumber, CancellationToken cancellationToken) => HoldsAsync(Subjects.AnyOfJob(emailId, jobNumber), cancellationToken);

    /// <summary>JOBS holds the job itself now: to deliver, or scheduled.</summary>
    public async Task<bool> HoldsDeliveryAsync(long emailId, int jobNumber, CancellationToken cancellationToken) =>
        await HoldsAsync(Subjects.Deliver(emailId, jobNumber), cancellationToken) || await HoldsAsync(Subjects.Retry(emailId, jobNumber), cancellationToken);

    /// <summary>
    /// JOBS holds the same job in a later message: an earlier run put this one off, or has scheduled what follows, and died before it could
    /// acknowledge it.
    /// </summary>
    public async Task<bool> IsSupersededAsync(long emailId, int jobNumber, long sequence, CancellationToken cancellationToken)
    {
        var stream = await jetStream.GetStreamAsync(Streams.Jobs, cancellationToken: cancellationToken);
        try
        {
            // One question for both subjects: a schedule that fires moves from one to the other.
            await stream.GetAsync(new StreamMsgGetRequest { Seq = (ulong)sequence + 1, NextBySubj = Subjects.AnyOfJob(emailId, jobNumber) }, cancellationToken);
            return true;
        }
        catch (NatsJSApiException none) when (none.Error.Code == 404)
        {
            return false;
        }
    }

    /// <summary>When JOBS was made: later than before means that it was lost whole.</summary>
    public async Task<DateTimeOffset> JobsCreatedAsync(CancellationToken cancellationToken) =>
        (await jetStream.GetStreamAsync(Streams.Jobs, cancellationToken: cancellationToken)).Info.Created;

    /// <summary>The last sequence of a stream, read now.</summary>
    public async Task<long> LastSequenceAsync(string stream, CancellationToken cancellationToken) =>
        (long)(await jetStream.GetStreamAsync(stream, cancellationToken: cancellationToken)).Info.State.LastSeq;

    /// <summary>All up to this sequence of <c>MAIL-&lt;partition&gt;</c> has been signed and turned into jobs.</summary>
    public async Task<long> SignedUpToAsync(int partition, CancellationToken cancellationToken)
    {
        var consumer = await jetStream.GetConsumerAsync(Streams.Mail(partition), Streams.SignConsumer, cancellationToken);
        return (long)(consumer.Info.AckFloor?.StreamSeq ?? 0);
    }

    /// <summary>When the oldest job that is due was put into JOBS; null when none waits.</summary>
    public async Task<DateTimeOffset?> OldestWaitingAsync(CancellationToken cancellationToken)
    {
        var stream = await jetStream.GetStreamAsync(Streams.Jobs, cancellationToken: cancellationToken);
        try
        {
            var oldest = await stream.GetAsync(new StreamMsgGetRequest { Seq = Math.Max(1, stream.Info.State.FirstSeq), NextBySubj = Subjects.DeliverAll }, cancellationToken);
            return oldest.Message.Time;
        }
        catch (NatsJSApiException none) when (none.Error.Code == 404)
        {
            return null;
        }
    }

    private async Task<bool> HoldsAsync(string subjects, CancellationToken cancellationToken)
    {
        var stream = await jetStream.GetStreamAsync(Streams.Jobs, new StreamInfoRequest { SubjectsFilter = subjects }, cancellationToken);
        return stream.Info.State.Subjects is { Count: > 0 };
    }
}
