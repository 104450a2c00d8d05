namespace MailPace.Storage.Webhooks;

/// <summary>The Ed25519 key that signs what is posted for a domain.</summary>
/// <param name="PublicKey">Raw 32 bytes, base64: what customers verify with.</param>
/// <param name="SealedPrivateKey">PKCS#8, sealed.</param>
public sealed record WebhookKey(string PublicKey, string SealedPrivateKey);
