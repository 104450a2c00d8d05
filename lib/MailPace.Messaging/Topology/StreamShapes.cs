using MailPace.Contracts;
using MailPace.Messaging.Connection;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;
using NATS.Client.ObjectStore;

namespace MailPace.Messaging.Topology;

/// <summary>Every stream and durable consumer, as they should be: the topology is this code.</summary>
internal static class StreamShapes
{
    /// <summary>Above the publish deadline, so that a repeat is known; each id costs the server about 250 bytes for so long.</summary>
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(2);

    public static IEnumerable<StreamConfig> Streams(NatsOptions options)
    {
        for (var partition = 0; partition < options.Partitions; partition++)
        {
            yield return Log(Contracts.Streams.Mail(partition), [Subjects.Mail(partition), Subjects.MailAll(partition)], options.MailMaxAge, options, options.MailMaxBytes);
            yield return Log(Contracts.Streams.Events(partition), [Subjects.Events(partition)], options.EventsMaxAge, options, 0);
        }

        yield return new StreamConfig(Contracts.Streams.Jobs, ["jobs.>"])
        {
            Description = "What is to be done now or later; derived from MAIL and EVENTS",
            Storage = StreamConfigStorage.File,
            Retention = StreamConfigRetention.Workqueue,

            // The server refuses schedules together with "new". Without limits nothing is ever discarded.
            Discard = StreamConfigDiscard.Old,
            MaxBytes = -1,
            NumReplicas = options.Replicas,
            DuplicateWindow = DuplicateWindow,
            AllowMsgSchedules = true,
            AllowDirect = true,
            PersistMode = options.Replicas == 1 ? StreamConfigPersistMode.Async : default,
        };
        yield return new StreamConfig(Contracts.Streams.Webhooks, ["webhooks.>"])
        {
            Description = "What is to be posted to customers' endpoints, now or later; derived from MAIL and EVENTS",
            Storage = StreamConfigStorage.File,
            Retention = StreamConfigRetention.Workqueue,
            Discard = StreamConfigDiscard.Old,
            MaxBytes = -1,
            NumReplicas = options.Replicas,
            DuplicateWindow = DuplicateWindow,
            AllowMsgSchedules = true,
            AllowDirect = true,
            PersistMode = options.Replicas == 1 ? StreamConfigPersistMode.Async : default,
        };
        yield return new StreamConfig(Contracts.Streams.Inbound, ["inbound.>"])
        {
            Description = "What strangers' servers handed in, until it is dealt with",
            Storage = StreamConfigStorage.File,
            Retention = StreamConfigRetention.Workqueue,
            Discard = StreamConfigDiscard.New,
            MaxBytes = options.InboundMaxBytes == 0 ? -1 : options.InboundMaxBytes,
            NumReplicas = options.Replicas,
            DuplicateWindow = DuplicateWindow,
            AllowDirect = true,
        };
        yield return Log(Contracts.Streams.Dead, ["dead.>"], TimeSpan.FromDays(30), options, 0);
    }

    public static IEnumerable<(string Stream, ConsumerConfig Consumer)> Consumers(NatsOptions options)
    {
        for (var partition = 0; partition < options.Partitions; partition++)
        {
            // Few bundles in flight: each holds up to 128 emails.
            yield return (Contracts.Streams.Mail(partition), Consumer(Contracts.Streams.SignConsumer, null, 16, options));
            yield return (Contracts.Streams.Mail(partition), Consumer(Contracts.Streams.RecordConsumer, null, 4096, options));
            yield return (Contracts.Streams.Events(partition), Consumer(Contracts.Streams.RecordConsumer, null, 4096, options));
        }

        yield return (Contracts.Streams.Jobs, Consumer(Contracts.Streams.DeliverConsumer, Subjects.DeliverAll, 4096, options));
        yield return (Contracts.Streams.Jobs, Consumer(Contracts.Streams.RedriveConsumer, Subjects.RedriveAll, 256, options));

        yield return (Contracts.Streams.Webhooks, Consumer(Contracts.Streams.ReplayConsumer, Subjects.ReplayAll, 16, options));

        // Few bundles in flight, as of MAIL. On a work queue no two consumers may want the same subject.
        yield return (Contracts.Streams.Inbound, BounceConsumer(options));
        yield return (Contracts.Streams.Inbound, Consumer(Contracts.Streams.InboundConsumer, Subjects.InboundMail, 16, options));
    }

    /// <summary>Leases are renewed each second, and a lost one is taken again: no disk is to be troubled for them.</summary>
    public static NatsKVConfig Bucket(string name, NatsOptions options) => new(name)
    {
        NumberOfReplicas = options.Replicas,
        Storage = name == Contracts.Streams.Shaping ? NatsKVStorageType.Memory : NatsKVStorageType.File,
        MaxAge = name == Contracts.Streams.Shaping ? TimeSpan.FromHours(6) : default,
    };

    /// <summary>A blob is wanted as long as MAIL has its email: a day longer, then it may go.</summary>
    public static NatsObjConfig Blobs(NatsOptions options) => new(Contracts.Streams.Blobs)
    {
        NumberOfReplicas = options.Replicas,
        Storage = NatsObjStorageType.File,
        MaxAge = options.MailMaxAge + TimeSpan.FromDays(1),
    };

    /// <summary>Brings what can be changed in place from <paramref name="shape"/> into <paramref name="actual"/>, and leaves what an operator added.</summary>
    /// <returns>Whether anything changed.</returns>
    public static bool Apply(StreamConfig shape, StreamConfig actual)
    {
        if (actual.MaxAge == shape.MaxAge && actual.MaxBytes == shape.MaxBytes && actual.NumReplicas == shape.NumReplicas
            && actual.DuplicateWindow == shape.DuplicateWindow && actual.Discard == shape.Discard && actual.Subjects!.Order().SequenceEqual(shape.Subjects!.Order()))
        {
            return false;
        }

        actual.MaxAge = shape.MaxAge;
        actual.MaxBytes = shape.MaxBytes;
        actual.NumReplicas = shape.NumReplicas;
        actual.DuplicateWindow = shape.DuplicateWindow;
        actual.Discard = shape.Discard;
        actual.Subjects = shape.Subjects;
        return true;
    }

    /// <summary>What can't be changed in place, or what the server ignored.</summary>
    public static IReadOnlyList<string> Differences(StreamConfig shape, StreamConfig actual)
    {
        var differences = new List<string>();
        Compare("storage", shape.Storage, actual.Storage);
        Compare("retention", shape.Retention, actual.Retention);
        Compare("discard", shape.Discard, actual.Discard);
        Compare("replicas", shape.NumReplicas, actual.NumReplicas);
        Compare("message schedules", shape.AllowMsgSchedules, actual.AllowMsgSchedules);
        Compare("persist mode", shape.PersistMode ?? StreamConfigPersistMode.Default, actual.PersistMode ?? StreamConfigPersistMode.Default);
        return differences;

        void Compare<T>(string field, T wanted, T found)
        {
            if (!EqualityComparer<T>.Default.Equals(wanted, found))
            {
                differences.Add($"{shape.Name}: {field} is {found} and should be {wanted}; the server is too old, or the stream must be deleted while nothing runs, and is then made again");
            }
        }
    }

    private static StreamConfig Log(string name, ICollection<string> subjects, TimeSpan maxAge, NatsOptions options, long maxBytes) => new(name, subjects)
    {
        Storage = StreamConfigStorage.File,
        Retention = StreamConfigRetention.Limits,
        Discard = StreamConfigDiscard.New,
        NumReplicas = options.Replicas,
        MaxAge = maxAge,
        MaxBytes = maxBytes == 0 ? -1 : maxBytes,
        DuplicateWindow = DuplicateWindow,
        AllowDirect = true,
    };

    private static ConsumerConfig BounceConsumer(NatsOptions options)
    {
        var consumer = Consumer(Contracts.Streams.BounceConsumer, null, 16, options);
        consumer.FilterSubjects = [Subjects.InboundBounce, Subjects.InboundFeedback];
        return consumer;
    }

    /// <summary>The queue of one endpoint. What it holds unacknowledged bounds how much is posted to it at once, by all processes together.</summary>
    public static ConsumerConfig Endpoint(long endpointId, int maxAckPending, NatsOptions options)
    {
        var shape = Consumer(Contracts.Streams.EndpointConsumer(endpointId), Subjects.WebhookDeliveriesOf(endpointId), maxAckPending, options);

        // The work queue itself says what isn't done; hundreds of consumers that each write their state to disk cost the server more than the messages.
        shape.MemStorage = true;
        return shape;
    }

    /// <summary>Reads MAIL or EVENTS for webhooks, from a time on.</summary>
    public static ConsumerConfig Webhook(DateTimeOffset from, NatsOptions options)
    {
        var shape = Consumer(Contracts.Streams.WebhookConsumer, null, 8, options);
        shape.DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartTime;
        shape.OptStartTime = from;
        return shape;
    }

    private static ConsumerConfig Consumer(string name, string? filter, int maxAckPending, NatsOptions options) => new(name)
    {
        DurableName = name,
        AckPolicy = ConsumerConfigAckPolicy.Explicit,
        DeliverPolicy = ConsumerConfigDeliverPolicy.All,
        AckWait = options.AckWait,
        MaxDeliver = -1,
        MaxAckPending = maxAckPending,
        FilterSubject = filter,
    };
}
