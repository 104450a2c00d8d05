using NATS.Client.Core;

namespace MailPace.Messaging.Consuming;

/// <summary>A message as a handler sees it.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Data">Valid until the handler has returned.</param>
/// <param name="Headers">NATS headers, when it has any.</param>
/// <param name="Sequence">Stream sequence.</param>
/// <param name="Deliveries">How often it was delivered, this time included.</param>
/// <param name="ReceivedTimestamp"><see cref="TimeProvider.GetTimestamp"/> at its arrival here.</param>
public readonly record struct ConsumedMessage(string Subject, ReadOnlyMemory<byte> Data, NatsHeaders? Headers, long Sequence, long Deliveries, long ReceivedTimestamp);
