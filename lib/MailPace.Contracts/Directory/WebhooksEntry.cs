namespace MailPace.Contracts.Directory;

/// <summary>A domain's webhook endpoints, and the key that signs what is posted to them. Secrets are sealed: only <c>webhook</c> opens them.</summary>
public sealed record WebhooksEntry
{
    public required long DomainId { get; init; }

    /// <summary>PKCS#8 of the Ed25519 key, sealed, base64.</summary>
    public required string SealedPrivateKey { get; init; }

    public required IReadOnlyList<WebhookEndpointEntry> Endpoints { get; init; }
}
