using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Publishing;

/// <summary>Makes what strangers' servers hand in durable in INBOUND, in bundles: those of each kind by themselves, so that none waits for another.</summary>
public sealed class InboundPublisher : IAsyncDisposable
{
    private readonly INatsJSContext _jetStream;
    private readonly PublishHealth _health;
    private readonly BundlePublisher[] _kinds;

    public InboundPublisher(INatsJSContext jetStream, IOptions<PublishOptions> options, PublishHealth health, TimeProvider time, ILogger<InboundPublisher> logger)
    {
        _jetStream = jetStream;
        _health = health;
        _kinds = [.. Enum.GetValues<InboundKind>().Select(kind => new BundlePublisher(jetStream, Subjects.Inbound(kind), 0, options.Value, health, time, logger))];
    }

    /// <summary>Why no message should be begun now; null when it may.</summary>
    public string? Fault => _health.FaultOf("inbound.", _jetStream.Connection.ConnectionState == NatsConnectionState.Open);

    /// <param name="message">Its facts; with <see cref="InboundMessage.BlobKey"/>, <paramref name="mime"/> is empty.</param>
    /// <param name="mime">The message behind our trace fields; must not change until this returns.</param>
    /// <exception cref="NotDurableException">It isn't on disk, or it isn't known.</exception>
    public Task<StoredAt> PublishAsync(InboundMessage message, ReadOnlyMemory<byte> mime) =>
        _kinds[(int)message.Kind].PublishAsync(new BundleItem(message.Id, JsonSerializer.SerializeToUtf8Bytes(message, ContractsJsonContext.Default.InboundMessage), mime));

    public async ValueTask DisposeAsync()
    {
        foreach (var kind in _kinds)
        {
            await kind.DisposeAsync();
        }
    }
}
