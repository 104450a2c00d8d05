using System.Collections.Concurrent;
using System.Text.Json;
using MailPace.Contracts;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Consuming;

/// <summary>
/// Up to which sequence a message that comes for the first time may nevertheless have been handled before. Specification:
/// <list type="bullet">
/// <item>A server that is killed forgets deliveries and acknowledgements, and a consumer that is made again knows none. Both can
/// concern only what the stream held at that moment.</item>
/// <item>So the horizon is the stream's last sequence when a consumer was first seen on a server: by id, new at each start of the
/// server, and by the time when the consumer was made. Sequences need no clock.</item>
/// <item>Who sees them first writes the horizon to the bucket <see cref="Streams.Counters"/>; the others, and a process that is
/// started again, read it there.</item>
/// <item>The server is asked for by the connection's own knowledge at each judgement: it's that of the connection that the message
/// came over, or of a later one.</item>
/// <item>Each consumer's entry keeps the newest few. Where one is missing the horizon is the stream's end: too many questions, none too few.</item>
/// </list>
/// </summary>
public sealed class RepeatHorizon(INatsJSContext jetStream) : IDisposable
{
    /// <summary>A cluster's servers, and starts enough that none of them is forgotten while it runs.</summary>
    internal const int Kept = 16;

    private readonly ConcurrentDictionary<(string Stream, string Consumer), SeenConsumer> _known = new();
    private readonly SemaphoreSlim _asking = new(1);

    /// <summary>The last sequence that may come as a repeat though the server counts it as a first delivery.</summary>
    /// <param name="stream">Its stream.</param>
    /// <param name="consumer">Its consumer.</param>
    /// <param name="created">When the consumer was made.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="NatsException">It isn't known, and the server can't be asked.</exception>
    public ValueTask<long> FindAsync(string stream, string consumer, DateTimeOffset created, CancellationToken cancellationToken)
        => Known(stream, consumer, created) is { } sequence ? ValueTask.FromResult(sequence) : AskAsync(stream, consumer, created, cancellationToken);

    public void Dispose() => _asking.Dispose();

    internal static string Key(string stream, string consumer) => $"seen.{stream}.{consumer}";

    private string Server => jetStream.Connection.ServerInfo?.Id ?? "";

    private long? Known(string stream, string consumer, DateTimeOffset created)
        => _known.TryGetValue((stream, consumer), out var seen) && seen.Created == created && seen.Server == Server ? seen.LastSequence : null;

    private async ValueTask<long> AskAsync(string stream, string consumer, DateTimeOffset created, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken); // one question serves all handlers that wait for its answer
        try
        {
            if (Known(stream, consumer, created) is { } sequence)
            {
                return sequence;
            }

            var seen = await ReadOrWriteAsync(stream, consumer, created, cancellationToken);
            _known[(stream, consumer)] = seen;
            return seen.LastSequence;
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<SeenConsumer> ReadOrWriteAsync(string stream, string consumer, DateTimeOffset created, CancellationToken cancellationToken)
    {
        // The server before the sequence: should it be killed in between, the entry is that of the one that is gone.
        var server = Server;
        return await CounterEntry.ChangeAsync(
            jetStream,
            Key(stream, consumer),
            async (text, token) =>
            {
                var all = text is null ? [] : JsonSerializer.Deserialize(text, SeenConsumersJsonContext.Default.SeenConsumerArray)!;
                if (Array.Find(all, each => each.Server == server && each.Created == created) is { } known)
                {
                    return (known, null);
                }

                var last = (await jetStream.GetStreamAsync(stream, cancellationToken: token)).Info.State.LastSeq;
                var seen = new SeenConsumer(server, created, (long)last);
                return (seen, JsonSerializer.Serialize([seen, .. all.Take(Kept - 1)], SeenConsumersJsonContext.Default.SeenConsumerArray));
            },
            cancellationToken);
    }
}
