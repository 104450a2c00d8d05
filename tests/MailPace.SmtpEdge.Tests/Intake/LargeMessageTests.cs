using System.Text;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Intake;

/// <summary>Messages that are stored while they come.</summary>
public sealed class LargeMessageTests
{
    private const string Header = "From: anna@s.example\r\nTo: bea@r.example\r\nBcc: hidden@r.example\r\nSubject: Hello\r\n";

    // Each line begins with a dot, and their length is prime to all buffers, so that dots stand at every border.
    private static readonly string Body = string.Concat(Enumerable.Range(0, 40_000).Select(static i => $".{i:d60}\r\n"));

    private static readonly string Stuffed = "." + Body.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_Large_IsStoredAsItCame(bool inChunks)
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();

        var reply = inChunks ? await SendChunksAsync(client, Header + "\r\n" + Body, 700_001) : await SendDataAsync(client, Header + "\r\n" + Stuffed);

        Assert.StartsWith("250 2.0.0 OK: queued as", reply, StringComparison.Ordinal);
        var (email, inline) = Assert.Single(await edge.StoredAsync());
        Assert.Empty(inline);
        Assert.False(email.EightBitMime);
        var text = await edge.BlobAsync(email.BlobKey!);
        Assert.Equal(text.Length, email.Size);
        Assert.Contains("Received: from authenticated-client\r\n", text[..500], StringComparison.Ordinal);
        Assert.Contains("\r\nMessage-ID: <", "\r\n" + text[..1000], StringComparison.Ordinal);
        Assert.DoesNotContain("Bcc", text[..1000], StringComparison.Ordinal);
        Assert.EndsWith("\r\nSubject: Hello\r\n\r\n" + Body, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_LargeWithEightBitAtItsEnd_SaysSo()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();

        await SendDataAsync(client, Header + "\r\n" + Stuffed + "ä\r\n");

        Assert.True(Assert.Single(await edge.StoredAsync()).Email.EightBitMime);
    }

    [Fact]
    public async Task Message_LargeWithIdempotencyKey_IsStoredOnce()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();
        var message = Header + "X-MailPace-Idempotency-Key: k\r\n\r\n" + Stuffed;

        var first = await SendDataAsync(client, message);
        var repeat = await SendDataAsync(client, message);
        var other = await SendDataAsync(client, message + "more\r\n");

        Assert.StartsWith("250", first, StringComparison.Ordinal);
        Assert.Equal(first, repeat);
        Assert.StartsWith("554 5.5.0", other, StringComparison.Ordinal);
        Assert.Single(await edge.StoredAsync());
        Assert.Single(await edge.BlobKeysAsync());
    }

    [Fact]
    public async Task Message_LargeFromAnotherDomain_IsRefusedAtItsEndAndNothingIsStored()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();

        var reply = await SendDataAsync(client, "From: a@other.example\r\n\r\n" + Stuffed);

        Assert.StartsWith("550 5.7.1 Verified domain does not match", reply, StringComparison.Ordinal);
        Assert.Equal(0, await edge.BlobMessagesAsync());
        Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bare\n", "550 5.6.0")]
    [InlineData("nul\0\r\n", "550 5.6.0")]
    public async Task Message_LargeWithAFaultInItsMiddle_LeavesNothing(string fault, string reply)
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await edge.LogInAsync();

        Assert.StartsWith(reply, await SendDataAsync(client, Header + "\r\n" + Stuffed + fault + Stuffed), StringComparison.Ordinal);

        await Eventually.TrueAsync(async () => await edge.BlobMessagesAsync() == 0);
        Assert.Empty(await edge.StoredAsync());
    }

    [Fact]
    public async Task Message_OverTheLimit_IsRefusedAndLeavesNothing()
    {
        await using var edge = await EdgeOnNats.StartAsync(("SmtpEdge:MaxMessageSize", "1000000"));
        await using var client = await edge.LogInAsync();

        Assert.StartsWith("552 5.3.4", await SendDataAsync(client, Header + "\r\n" + Stuffed), StringComparison.Ordinal);

        Assert.Equal(0, await edge.BlobMessagesAsync());
    }

    [Fact]
    public async Task Client_GoneWithinALargeMessage_LeavesNothing()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using (var client = await edge.LogInAsync())
        {
            await BeginAsync(client);
            await client.SendAsync(Header + "\r\n" + Stuffed);
            await Eventually.TrueAsync(async () => await edge.BlobMessagesAsync() > 5);
        }

        await Eventually.TrueAsync(async () => await edge.BlobMessagesAsync() == 0);
        Assert.Empty(await edge.StoredAsync());
    }

    [Fact]
    public async Task JetStream_GoneWithinALargeMessage_IsAnswered451()
    {
        await using var edge = await EdgeOnNats.StartAsync(("Publish:Deadline", "00:00:00.5"), ("Publish:AckTimeout", "00:00:00.2"));
        await using var client = await edge.LogInAsync();
        await BeginAsync(client);
        await client.SendAsync(Header + "\r\n" + Stuffed);
        await Eventually.TrueAsync(async () => await edge.BlobMessagesAsync() > 5);
        await edge.Nats.Kill9Async();

        await client.SendAsync(Stuffed);

        Assert.Equal("451 4.3.0 Message could not be stored, please try again", await client.AskAsync("."));
    }

    [Fact]
    public async Task Inbound_Large_IsStoredAsItCame()
    {
        await using var edge = await EdgeOnNats.StartAsync();
        await using var client = await RawClient.ConnectAsync(edge.Server.EndPoints[1].Address);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");
        await client.AskAsync("MAIL FROM:<>");
        await client.AskAsync($"RCPT TO:<{edge.ReturnPath(1, 0)}>");
        await client.AskAsync("RCPT TO:<reports@fbl.example>");
        await client.AskAsync("DATA");
        await client.SendAsync(Header + "\r\n" + Stuffed);

        Assert.StartsWith("250 2.0.0 OK: stored as", await client.AskAsync("."), StringComparison.Ordinal);

        var stored = await edge.InboundAsync();
        Assert.Equal(2, stored.Count);
        var text = await edge.BlobAsync(Assert.Single(stored.Select(static each => each.Facts.BlobKey).Distinct())!);
        Assert.All(stored, each => Assert.Equal(text.Length, each.Facts.Size));
        Assert.StartsWith("Return-Path: <>\r\nReceived: ", text, StringComparison.Ordinal);
        Assert.EndsWith(Header + "\r\n" + Body, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_LargeAndMany_TakeLittleMemory()
    {
        const int Clients = 16;
        await using var edge = await EdgeOnNats.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => edge.LogInAsync()));
        var message = Encoding.Latin1.GetBytes(Header + "\r\n" + Stuffed + Stuffed + ".\r\n");
        await Task.WhenAll(clients.Select(BeginAsync));

        var sending = Task.WhenAll(clients.Select(async client =>
        {
            await client.SendAsync(message);
            Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        }));
        var most = 0L;
        while (!sending.IsCompleted)
        {
            most = Math.Max(most, edge.Server.BufferedOctets);
            await Task.Yield();
        }

        await sending;
        Assert.InRange(most, 1, Clients * 512 * 1024);
        Assert.Equal(0, edge.Server.BufferedOctets);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static async Task BeginAsync(RawClient client)
    {
        await client.AskAsync("MAIL FROM:<bounce@elsewhere.example>");
        await client.AskAsync("RCPT TO:<bea@r.example>");
        Assert.StartsWith("354", await client.AskAsync("DATA"), StringComparison.Ordinal);
    }

    private static async Task<string> SendDataAsync(RawClient client, string message)
    {
        await BeginAsync(client);
        await client.SendAsync(message);
        return await client.AskAsync(".");
    }

    private static async Task<string> SendChunksAsync(RawClient client, string message, int size)
    {
        await client.AskAsync("MAIL FROM:<bounce@elsewhere.example>");
        await client.AskAsync("RCPT TO:<bea@r.example>");
        for (var at = 0; at + size < message.Length; at += size)
        {
            await client.SendAsync($"BDAT {size}\r\n{message.Substring(at, size)}");
            Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        }

        var rest = message[(message.Length / size * size)..];
        await client.SendAsync($"BDAT {rest.Length} LAST\r\n{rest}");
        return await client.ReplyAsync();
    }
}
