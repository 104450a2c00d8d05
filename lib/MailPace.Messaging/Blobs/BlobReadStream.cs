using System.IO.Pipelines;

namespace MailPace.Messaging.Blobs;

/// <summary>Reads a blob through a pipe: at most a few chunks are in memory.</summary>
internal sealed class BlobReadStream : Stream
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024));
    private readonly Stream _reader;
    private readonly Task _filling;

    public BlobReadStream(BlobStore store, string key)
    {
        _reader = _pipe.Reader.AsStream();
        _filling = FillAsync(store, key);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _reader.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _reader.ReadAsync(buffer, offset, count, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reader.DisposeAsync();
        await _filling;
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private async Task FillAsync(BlobStore store, string key)
    {
        try
        {
            await using var writer = _pipe.Writer.AsStream(leaveOpen: true);
            await store.CopyToAsync(key, writer, _stop.Token);
            await _pipe.Writer.CompleteAsync();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Not hidden: the reader's next read throws it.
            await _pipe.Writer.CompleteAsync(failure);
        }
    }
}
