using MailPace.Contracts;

namespace MailPace.Messaging.Jobs;

/// <summary>A delivery job and its bytes.</summary>
/// <param name="Job">The facts.</param>
/// <param name="Content">Signature fields and message, in the order they are sent; with <see cref="DeliveryJob.BlobKey"/> the signature fields only.</param>
public sealed record JobPayload(DeliveryJob Job, IReadOnlyList<ReadOnlyMemory<byte>> Content);
