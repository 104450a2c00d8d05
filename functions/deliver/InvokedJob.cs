using MailPace.Contracts;

namespace MailPace.Deliver;

/// <summary>One job over HTTP.</summary>
public sealed record InvokedJob
{
    public required DeliveryJob Job { get; init; }

    /// <summary>Signature fields and message, base64; with a blob key the signature fields only.</summary>
    public required byte[] Content { get; init; }
}
