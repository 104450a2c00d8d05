using MailPace.Contracts;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Faults.Servers;

/// <summary>Looks into JetStream from outside.</summary>
internal sealed class Queues : IAsyncDisposable
{
    private readonly NatsConnection _connection;
    private readonly NatsJSContext _jetStream;

    public Queues(string url)
    {
        _connection = new NatsConnection(new NatsOpts { Url = url, MaxReconnectRetry = -1, RequestTimeout = TimeSpan.FromSeconds(5) });
        _jetStream = new NatsJSContext(_connection);
    }

    /// <summary>What still waits, in words; null when nothing does.</summary>
    public async Task<string?> WaitingAsync(CancellationToken cancellationToken)
    {
        var jobs = (await _jetStream.GetStreamAsync(Streams.Jobs, cancellationToken: cancellationToken)).Info.State;
        if (jobs.Messages > 0)
        {
            var deliver = (await _jetStream.GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, cancellationToken)).Info;
            return FormattableString.Invariant($"JOBS holds {jobs.Messages} messages from {jobs.FirstSeq} to {jobs.LastSeq}; deliver has got {deliver.Delivered.StreamSeq}, acknowledged {deliver.AckFloor.StreamSeq}, {deliver.NumPending} pending and {deliver.NumAckPending} unacknowledged");
        }

        foreach (var (stream, consumer) in ((string, string)[])[
            (Streams.Mail(0), Streams.SignConsumer), (Streams.Mail(0), Streams.RecordConsumer), (Streams.Events(0), Streams.RecordConsumer)])
        {
            var state = (await _jetStream.GetConsumerAsync(stream, consumer, cancellationToken)).Info;
            if (state.NumPending + (ulong)state.NumAckPending > 0)
            {
                return FormattableString.Invariant($"{stream}/{consumer} has {state.NumPending} pending and {state.NumAckPending} unacknowledged");
            }
        }

        return null;
    }

    public async Task<ulong> JobsAsync(CancellationToken cancellationToken)
        => (ulong)(await _jetStream.GetStreamAsync(Streams.Jobs, cancellationToken: cancellationToken)).Info.State.Messages;

    /// <summary>When the stream was made; null when there is none.</summary>
    public async Task<DateTimeOffset?> JobsCreatedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _jetStream.GetStreamAsync(Streams.Jobs, cancellationToken: cancellationToken)).Info.Created;
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            return null;
        }
    }

    /// <summary>Deletes it, or finds it deleted.</summary>
    public async Task DeleteJobsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _jetStream.DeleteStreamAsync(Streams.Jobs, cancellationToken);
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            // A fault hit it while it was still gone.
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
