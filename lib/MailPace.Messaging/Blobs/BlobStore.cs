using System.Globalization;
using System.Runtime.InteropServices;
using MailPace.Contracts;
using NATS.Client.JetStream;
using NATS.Client.ObjectStore;
using NATS.Client.ObjectStore.Models;

namespace MailPace.Messaging.Blobs;

/// <summary>Messages too large for a bundle, in a NATS object store. Keys begin with the day, so that retention can go by days.</summary>
public sealed class BlobStore(INatsJSContext jetStream)
{
    public static string KeyOf(DateTimeOffset acceptedAt, long emailId) => string.Create(CultureInfo.InvariantCulture, $"{acceptedAt.UtcDateTime:yyyy-MM-dd}/{emailId}");

    /// <summary>Returns when the content is on disk.</summary>
    public async Task PutAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        var store = await new NatsObjContext(jetStream).GetObjectStoreAsync(Streams.Blobs, cancellationToken);
        await store.PutAsync(new ObjectMetadata { Name = key, Options = new MetaDataOptions { MaxChunkSize = 512 * 1024 } }, content, leaveOpen: true, cancellationToken);
    }

    /// <inheritdoc cref="PutAsync(string, Stream, CancellationToken)"/>
    public async Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var stream = MemoryMarshal.TryGetArray(content, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        await PutAsync(key, stream, cancellationToken);
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
