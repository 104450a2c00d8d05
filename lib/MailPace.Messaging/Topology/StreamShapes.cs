using MailPace.Contracts;
using MailPace.Messaging.Connection;
using NATS.Client.JetStream.Models;

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
            Discard = StreamConfigDiscard.New,
            NumReplicas = options.Replicas,
            DuplicateWindow = DuplicateWindow,
            AllowMsgSchedules = true,
            AllowDirect = true,
            PersistMode = options.Replicas == 1 ? StreamConfigPersistMode.Async : default,
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
