using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Tests.Server;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Tests.Publishing;

public sealed class InboundPublisherTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_EachKind_ReachesItsConsumer()
    {
        await using var host = await MessagingHost.StartAsync();
        var publisher = host.Get<InboundPublisher>();

        await Task.WhenAll(
            publisher.PublishAsync(Message(1, InboundKind.Bounce), Samples.Mime),
            publisher.PublishAsync(Message(2, InboundKind.FeedbackReport), Samples.Mime),
            publisher.PublishAsync(Message(3, InboundKind.Mail), Samples.Mime));

        Assert.Equal([InboundKind.Bounce, InboundKind.FeedbackReport], await TakeAsync(host, Streams.BounceConsumer, 2));
        Assert.Equal([InboundKind.Mail], await TakeAsync(host, Streams.InboundConsumer, 1));
    }

    [Fact]
    public async Task Publish_StreamFull_IsNotDurable()
    {
        await using var host = await MessagingHost.StartAsync(("Nats:InboundMaxBytes", "2000"));

        await Assert.ThrowsAsync<NotDurableException>(() => host.Get<InboundPublisher>().PublishAsync(Message(1, InboundKind.Mail), Samples.Mime));
    }

    private static InboundMessage Message(long id, InboundKind kind) => new()
    {
        Id = id,
        Kind = kind,
        ReceivedAt = TimeProvider.System.GetUtcNow(),
        TransactionId = "0HN.1",
        ClientAddress = "192.0.2.1",
        Helo = "mx.example.net",
        ReversePath = "",
        Recipients = [new InboundRecipient("b@example.com")],
        Size = Samples.Mime.Length,
    };

    private static async Task<InboundKind[]> TakeAsync(MessagingHost host, string consumerName, int count)
    {
        var consumer = await host.JetStream.GetConsumerAsync(Streams.Inbound, consumerName, Cancel);
        var kinds = new List<InboundKind>();
        await foreach (var message in consumer.FetchAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = count }, cancellationToken: Cancel))
        {
            var item = Assert.Single(Bundle.Read(message.Data));
            Assert.Equal(Samples.Mime, item.Body.ToArray());
            kinds.Add(JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.InboundMessage)!.Kind);
            await message.AckAsync(cancellationToken: Cancel);
        }

        return [.. kinds.Order()];
    }
}
