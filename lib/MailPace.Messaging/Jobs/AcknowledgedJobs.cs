using MailPace.Contracts;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Jobs;

/// <summary>
/// What JOBS still holds although its consumer has acknowledged it. nats-server writes the state of a consumer and the removal of a message
/// to different files, and JOBS isn't synced: killed or out of disk in between, it keeps the message for ever. No consumer gets such a
/// message again. Left there, it looks like a job that waits, and hides from the reconciler that the same job's retry is lost.
/// </summary>
public sealed class AcknowledgedJobs(INatsJSContext jetStream)
{
    /// <returns>How many were there.</returns>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
        => await RemoveAsync(Streams.DeliverConsumer, Subjects.DeliverAll, cancellationToken)
            + await RemoveAsync(Streams.RedriveConsumer, Subjects.RedriveAll, cancellationToken);

    private async Task<int> RemoveAsync(string consumer, string subjects, CancellationToken cancellationToken)
    {
        // The floor first: whatever lies at or below it is acknowledged, however much comes meanwhile.
        var floor = (await jetStream.GetConsumerAsync(Streams.Jobs, consumer, cancellationToken)).Info.AckFloor.StreamSeq;
        var stream = await jetStream.GetStreamAsync(Streams.Jobs, cancellationToken: cancellationToken);
        var removed = 0;
        for (var next = Math.Max(1, stream.Info.State.FirstSeq); next <= floor; next++)
        {
            try
            {
                next = (await stream.GetAsync(new StreamMsgGetRequest { Seq = next, NextBySubj = subjects }, cancellationToken)).Message.Seq;
                if (next > floor)
                {
                    break;
                }

                await stream.DeleteMessageAsync(new StreamMsgDeleteRequest { Seq = next, NoErase = true }, cancellationToken);
                removed++;
            }
            catch (NatsJSApiException none) when (none.Error.Code is 404 or 400)
            {
                break; // no more of them, or the server has just removed it itself
            }
        }

        return removed;
    }
}
