using NATS.Client.Core;

namespace MailPace.Messaging.Consuming;

/// <summary>A message as a handler sees it.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Data">Valid until the handler has returned.</param>
/// <param name="Headers">NATS headers, when it has any.</param>
/// <param name="Sequence">Stream sequence.</param>
/// <param name="Deliveries">How often it was delivered, this time included, as far as the server remembers.</param>
/// <param name="ReceivedTimestamp"><see cref="TimeProvider.GetTimestamp"/> at its arrival here.</param>
/// <param name="MayBeRepeat">
/// An earlier run may have handled it: it was delivered before, or the stream held it already when its server was started or its
/// consumer was made. The second is needed because the server writes deliveries and acknowledgements to disk later than messages:
/// killed, it delivers an acknowledged message again and counts from one. See <see cref="RepeatHorizon"/>.
/// </param>
public readonly record struct ConsumedMessage(
    string Subject, ReadOnlyMemory<byte> Data, NatsHeaders? Headers, long Sequence, long Deliveries, long ReceivedTimestamp, bool MayBeRepeat);
