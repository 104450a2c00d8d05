using MailPace.Contracts;

namespace MailPace.Messaging.Webhooks;

/// <param name="Delivery">What is posted where.</param>
/// <param name="Body">The octets that are posted and signed; empty when they are in the blob store.</param>
public sealed record WebhookMessage(WebhookDelivery Delivery, ReadOnlyMemory<byte> Body);
