using MailPace.Messaging.Blobs;
using MailPace.Messaging.Tests.Server;
using NATS.Client.ObjectStore;

namespace MailPace.Messaging.Tests.Blobs;

public sealed class BlobStoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenRead_WhatWasPut_IsTheSame()
    {
        await using var host = await MessagingHost.StartAsync();
        var blobs = host.Get<BlobStore>();
        var content = new byte[3_000_000];
        new Random(7).NextBytes(content);
        var key = BlobStore.KeyOf(DateTimeOffset.UnixEpoch, 12);
        await blobs.PutAsync(key, content);

        await using var stream = blobs.OpenRead(key);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancel);

        Assert.Equal("1970-01-01/12", key);
        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public async Task OpenRead_Missing_Throws()
    {
        await using var host = await MessagingHost.StartAsync();
        await using var stream = host.Get<BlobStore>().OpenRead("1970-01-01/13");

        await Assert.ThrowsAsync<NatsObjNotFoundException>(async () => await stream.CopyToAsync(Stream.Null, Cancel));
    }
}
