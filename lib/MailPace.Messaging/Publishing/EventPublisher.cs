using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Connection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Publishing;

/// <summary>Makes what became of an email durable in EVENTS, in bundles; all events of an email are in one partition.</summary>
public sealed class EventPublisher : IAsyncDisposable
{
    private readonly BundlePublisher[] _partitions;

    public EventPublisher(INatsJSContext jetStream, IOptions<NatsOptions> nats, IOptions<PublishOptions> options, PublishHealth health, TimeProvider time, ILogger<EventPublisher> logger) =>
        _partitions = [.. Enumerable.Range(0, nats.Value.Partitions).Select(partition => new BundlePublisher(jetStream, Subjects.Events(partition), partition, options.Value, health, time, logger))];

    /// <exception cref="NotDurableException">It isn't known to be on disk: the job must not be acknowledged.</exception>
    public Task<StoredAt> PublishAsync(EmailEvent emailEvent) =>
        _partitions[emailEvent.EmailId % _partitions.Length].PublishAsync(
            new BundleItem(emailEvent.EmailId, JsonSerializer.SerializeToUtf8Bytes(emailEvent, ContractsJsonContext.Default.EmailEvent), default));

    public async ValueTask DisposeAsync()
    {
        foreach (var partition in _partitions)
        {
            await partition.DisposeAsync();
        }
    }
}
