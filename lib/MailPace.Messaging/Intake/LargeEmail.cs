using MailPace.Messaging.Blobs;

namespace MailPace.Messaging.Intake;

/// <summary>An email whose message goes to the blob store while it comes; disposed of before it is complete, it leaves nothing.</summary>
public sealed class LargeEmail : IAsyncDisposable
{
    private readonly long _id;
    private readonly BlobWriter _blob;

    internal LargeEmail(long id, BlobWriter blob) => (_id, _blob) = (id, blob);

    /// <summary>Bytes so far.</summary>
    public int Size => _blob.Size;

    /// <summary>Returns when the octets are on disk.</summary>
    /// <exception cref="Publishing.NotDurableException">They aren't, or it isn't known.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets) => _blob.WriteAsync(octets);

    /// <summary>All octets were written. An email that is then refused leaves its blob, which goes with its day.</summary>
    /// <exception cref="Publishing.NotDurableException">It isn't on disk, or it isn't known.</exception>
    public async ValueTask<StoredMessage> CompleteAsync()
    {
        await _blob.CompleteAsync();
        return new StoredMessage(_id, _blob.Key, _blob.Size);
    }

    public ValueTask DisposeAsync() => _blob.DisposeAsync();
}
