using System.Globalization;
using MailPace.Contracts;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;
using NATS.Client.ObjectStore;

namespace MailPace.Messaging.Blobs;

/// <summary>Messages too large for a bundle, in a NATS object store. Keys begin with the day, so that retention can go by days.</summary>
public sealed class BlobStore(INatsJSContext jetStream, IOptions<PublishOptions> options, PublishHealth health, TimeProvider time, ILogger<BlobStore> logger)
{
    private readonly DurablePublish _publish = new(jetStream, options.Value, health, time);

    public static string KeyOf(DateTimeOffset acceptedAt, long emailId) => string.Create(CultureInfo.InvariantCulture, $"{acceptedAt.UtcDateTime:yyyy-MM-dd}/{emailId}");

    /// <summary>Begins a blob that is written as its octets come.</summary>
    public BlobWriter Begin(string key) => new(jetStream, _publish, key, time, logger);

    /// <summary>Returns when the content is on disk.</summary>
    /// <exception cref="NotDurableException">It isn't, or it isn't known.</exception>
    public async Task PutAsync(string key, ReadOnlyMemory<byte> content)
    {
        await using var writer = Begin(key);
        await writer.WriteAsync(content);
        await writer.CompleteAsync();
    }

    /// <summary>Copies the content to <paramref name="target"/>; its digest is checked.</summary>
    /// <exception cref="NatsObjNotFoundException">There is none.</exception>
    public async Task CopyToAsync(string key, Stream target, CancellationToken cancellationToken)
    {
        var store = await new NatsObjContext(jetStream).GetObjectStoreAsync(Streams.Blobs, cancellationToken);
        await store.GetAsync(key, target, leaveOpen: true, cancellationToken);
    }

    /// <summary>Whether the content is there, without reading it.</summary>
    public async Task<bool> HoldsAsync(string key, CancellationToken cancellationToken)
    {
        var store = await new NatsObjContext(jetStream).GetObjectStoreAsync(Streams.Blobs, cancellationToken);
        try
        {
            await store.GetInfoAsync(key, cancellationToken: cancellationToken);
            return true;
        }
        catch (NatsObjNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Removes a blob that no email names; one that isn't there is no error.</summary>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var store = await new NatsObjContext(jetStream).GetObjectStoreAsync(Streams.Blobs, cancellationToken);
        try
        {
            await store.DeleteAsync(key, cancellationToken);
        }
        catch (NatsObjNotFoundException)
        {
        }
    }

    /// <summary>The content as a stream that is filled while it's read.</summary>
    public Stream OpenRead(string key) => new BlobReadStream(this, key);
}
