using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Consuming;

/// <summary>A message that was fetched and is not answered yet.</summary>
/// <param name="Message">With its payload, which goes back to the pool with the answer.</param>
/// <param name="Metadata">Read once: parsing it costs.</param>
/// <param name="ConsumerCreated">Which consumer it came from. One that was made again counts from 1, and an answer to the former would meet another message.</param>
/// <param name="ReceivedTimestamp">When it arrived here.</param>
internal sealed record HeldMessage(INatsJSMsg<NatsMemoryOwner<byte>> Message, NatsJSMsgMetadata Metadata, DateTimeOffset ConsumerCreated, long ReceivedTimestamp)
{
    public ulong Sequence => Metadata.Sequence.Stream;
}
