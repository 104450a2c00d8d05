using System.Globalization;
using System.Text;
using MailPace.Contracts;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Topology;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Webhooks;

/// <summary>The consumers that come and go with endpoints, and the questions about WEBHOOKS.</summary>
public sealed class WebhookStreams(INatsJSContext jetStream, IOptions<NatsOptions> options)
{
    /// <summary>Entry of the bucket of counters that says which WEBHOOKS, and which server, deliveries were made for.</summary>
    private const string MadeForKey = "webhooks.made-for";

    /// <summary>Makes the queue of an endpoint, if it isn't there.</summary>
    public async Task EnsureEndpointAsync(long endpointId, int maxAckPending, CancellationToken cancellationToken)
        => await jetStream.CreateOrUpdateConsumerAsync(Streams.Webhooks, StreamShapes.Endpoint(endpointId, maxAckPending, options.Value), cancellationToken);

    /// <summary>Forgets an endpoint and all that waits for it.</summary>
    public async Task RemoveEndpointAsync(long endpointId, CancellationToken cancellationToken)
    {
        try
        {
            await jetStream.DeleteConsumerAsync(Streams.Webhooks, Streams.EndpointConsumer(endpointId), cancellationToken);
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
        }

        foreach (var subjects in (string[])[Subjects.WebhookDeliveriesOf(endpointId), Subjects.WebhookRetriesOf(endpointId)])
        {
            await jetStream.PurgeStreamAsync(Streams.Webhooks, new StreamPurgeRequest { Filter = subjects }, cancellationToken);
        }
    }

    /// <summary>Ids of the endpoints that have a queue.</summary>
    public async Task<IReadOnlyList<long>> ListEndpointsAsync(CancellationToken cancellationToken)
    {
        const string Prefix = "endpoint-";
        var ids = new List<long>();
        await foreach (var name in jetStream.ListConsumerNamesAsync(Streams.Webhooks, cancellationToken))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(name.AsSpan(Prefix.Length), out var id))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>An endpoint has something that it didn't take yet.</summary>
    public async Task<bool> HoldsRetryAsync(long endpointId, CancellationToken cancellationToken)
    {
        var stream = await jetStream.GetStreamAsync(Streams.Webhooks, cancellationToken: cancellationToken);
        return await FindNextAsync(stream, 1, Subjects.WebhookRetriesOf(endpointId), cancellationToken) is not null;
    }

    /// <summary>When an earlier event of the same email, which the endpoint didn't take yet, is tried again; null when there is none.</summary>
    public async Task<DateTimeOffset?> FindEarlierRetryAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var stream = await jetStream.GetStreamAsync(Streams.Webhooks, cancellationToken: cancellationToken);
        var subjects = Subjects.WebhookRetriesOf(delivery.EndpointId, delivery.EmailId);
        var sequence = 1UL;
        while (await FindNextAsync(stream, sequence, subjects, cancellationToken) is { } held)
        {
            var other = WebhookCodec.Read(held.Data).Delivery;
            if (other.EventId != delivery.EventId && other.QueuedAt < delivery.QueuedAt)
            {
                return ScheduleOf(held) ?? held.Time;
            }

            sequence = held.Seq + 1;
        }

        return null;
    }

    /// <summary>
    /// Makes the consumer <c>webhook</c> of every partition of MAIL and EVENTS, from <paramref name="from"/> on. One that is there goes on where it
    /// is, unless WEBHOOKS may have lost what was made: whole when it was created anew, its last messages when a server that stands
    /// alone was started anew. Then all of the time that <paramref name="lost"/> or <paramref name="restarted"/> says is made again.
    /// </summary>
    public async Task EnsureMakingAsync(DateTimeOffset from, DateTimeOffset lost, DateTimeOffset restarted, CancellationToken cancellationToken)
    {
        var created = (await jetStream.GetStreamAsync(Streams.Webhooks, cancellationToken: cancellationToken)).Info.Created;
        var server = options.Value.Replicas == 1 ? jetStream.Connection.ServerInfo?.Id ?? "" : "";
        var now = $"{created:O} {server}";
        await CounterEntry.ChangeAsync<bool>(
            jetStream,
            MadeForKey,
            async (known, token) =>
            {
                if (known == now)
                {
                    await EnsureAllAsync(from, token);
                    return (false, null);
                }

                // Nothing was made before the first time, so nothing is lost then.
                if (known is not null)
                {
                    var again = known.StartsWith($"{created:O} ", StringComparison.Ordinal) ? restarted : lost;
                    await DeleteAllAsync(token);
                    await EnsureAllAsync(again > from ? again : from, token);
                    return (true, now);
                }

                await EnsureAllAsync(from, token);
                return (true, now);
            },
            cancellationToken);
    }

    /// <summary>While no domain has an endpoint nobody reads for webhooks.</summary>
    public Task StopMakingAsync(CancellationToken cancellationToken) => DeleteAllAsync(cancellationToken);

    /// <summary>All that MAIL holds now has been made into deliveries.</summary>
    public async Task<IReadOnlyList<(string Stream, long Sequence)>> EndsOfMailAsync(CancellationToken cancellationToken)
    {
        var ends = new List<(string, long)>();
        for (var partition = 0; partition < options.Value.Partitions; partition++)
        {
            var stream = Streams.Mail(partition);
            ends.Add((stream, (long)(await jetStream.GetStreamAsync(stream, cancellationToken: cancellationToken)).Info.State.LastSeq));
        }

        return ends;
    }

    /// <summary>Up to which sequence the stream was made into deliveries.</summary>
    public async Task<long> MadeUpToAsync(string stream, CancellationToken cancellationToken)
    {
        var info = (await jetStream.GetConsumerAsync(stream, Streams.WebhookConsumer, cancellationToken)).Info;
        return info is { NumPending: 0, NumAckPending: 0 } ? long.MaxValue : (long)(info.AckFloor?.StreamSeq ?? 0);
    }

    private static async Task<StoredMessage?> FindNextAsync(INatsJSStream stream, ulong from, string subjects, CancellationToken cancellationToken)
    {
        try
        {
            return (await stream.GetAsync(new StreamMsgGetRequest { Seq = from, NextBySubj = subjects }, cancellationToken)).Message;
        }
        catch (NatsJSApiException none) when (none.Error.Code == 404)
        {
            return null;
        }
    }

    private static DateTimeOffset? ScheduleOf(StoredMessage held)
    {
        const string Header = "Nats-Schedule: @at ";
        var headers = held.Hdrs is { } encoded ? Encoding.ASCII.GetString(Convert.FromBase64String(encoded)) : "";
        var start = headers.IndexOf(Header, StringComparison.Ordinal);
        return start >= 0 && DateTimeOffset.TryParse(headers.AsSpan(start + Header.Length, "0000-00-00T00:00:00Z".Length), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
    }

    private IEnumerable<string> Sources => Enumerable.Range(0, options.Value.Partitions).SelectMany(static partition => (string[])[Streams.Mail(partition), Streams.Events(partition)]);

    private async Task EnsureAllAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        foreach (var stream in Sources)
        {
            try
            {
                await jetStream.GetConsumerAsync(stream, Streams.WebhookConsumer, cancellationToken);
            }
            catch (NatsJSApiException missing) when (missing.Error.Code == 404)
            {
                await jetStream.CreateOrUpdateConsumerAsync(stream, StreamShapes.Webhook(from, options.Value), cancellationToken);
            }
        }
    }

    private async Task DeleteAllAsync(CancellationToken cancellationToken)
    {
        foreach (var stream in Sources)
        {
            try
            {
                await jetStream.DeleteConsumerAsync(stream, Streams.WebhookConsumer, cancellationToken);
            }
            catch (NatsJSApiException missing) when (missing.Error.Code == 404)
            {
            }
        }
    }
}
