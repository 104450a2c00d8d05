using MailPace.Contracts;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Tests.Server;

namespace MailPace.Messaging.Tests.Blobs;

public sealed class BlobWriterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(BlobWriter.MaxChunk)]
    [InlineData(BlobWriter.MaxChunk + 1)]
    [InlineData(3_000_000)]
    public async Task Pieces_Completed_AreOneBlob(int size)
    {
        await using var host = await MessagingHost.StartAsync();
        var blobs = host.Get<BlobStore>();
        var content = new byte[size];
        new Random(7).NextBytes(content);
        await using (var writer = blobs.Begin("1970-01-01/1"))
        {
            for (var at = 0; at < size; at += 190_001)
            {
                await writer.WriteAsync(content.AsMemory(at, Math.Min(190_001, size - at)));
            }

            Assert.False(await blobs.HoldsAsync("1970-01-01/1", Cancel)); // it exists with its last message
            await writer.CompleteAsync();
            Assert.Equal(size, writer.Size);
        }

        using var read = new MemoryStream();
        await blobs.CopyToAsync("1970-01-01/1", read, Cancel);
        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public async Task Pieces_NotCompleted_AreTakenBack()
    {
        await using var host = await MessagingHost.StartAsync();
        var blobs = host.Get<BlobStore>();
        await blobs.PutAsync("1970-01-01/1", new byte[1000]);
        await using (var writer = blobs.Begin("1970-01-01/2"))
        {
            await writer.WriteAsync(new byte[1_000_000]);
        }

        var stream = await host.JetStream.GetStreamAsync($"OBJ_{Streams.Blobs}", cancellationToken: Cancel);
        Assert.Equal(2, stream.Info.State.Messages);
        Assert.False(await blobs.HoldsAsync("1970-01-01/2", Cancel));
    }

    [Fact]
    public async Task Write_ServerGone_IsNotDurable()
    {
        await using var host = await MessagingHost.StartAsync(("Publish:Deadline", "00:00:00.5"), ("Publish:AckTimeout", "00:00:00.2"));
        await using var writer = host.Get<BlobStore>().Begin("1970-01-01/1");
        await writer.WriteAsync(new byte[1000]);
        await host.Server.Kill9Async();

        await Assert.ThrowsAsync<NotDurableException>(async () => await writer.WriteAsync(new byte[1000]));
    }
}
