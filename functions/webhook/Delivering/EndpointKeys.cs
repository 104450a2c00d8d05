using System.Collections.Concurrent;
using MailPace.Contracts.Directory;
using MailPace.Mail.Sealing;
using MailPace.Mail.Webhooks;

namespace MailPace.Webhook.Delivering;

/// <summary>Opened keys and secrets. A replaced signer isn't disposed: another thread may be signing with it, and the garbage collector frees it after that.</summary>
internal sealed class EndpointKeys(KeyVault vault)
{
    private readonly ConcurrentDictionary<long, (string Sealed, WebhookSigner Signer)> signers = new();
    private readonly ConcurrentDictionary<long, (string Sealed, WebhookSecret Secret)> secrets = new();

    /// <exception cref="System.Security.Cryptography.CryptographicException">It can't be opened with our key-encryption key.</exception>
    public WebhookSigner SignerOf(WebhooksEntry domain)
    {
        if (signers.TryGetValue(domain.DomainId, out var known) && known.Sealed == domain.SealedPrivateKey)
        {
            return known.Signer;
        }

        var signer = new WebhookSigner(vault.Open(domain.SealedPrivateKey, SealingContext.WebhookKey(domain.DomainId)));
        signers[domain.DomainId] = (domain.SealedPrivateKey, signer);
        return signer;
    }

    /// <exception cref="System.Security.Cryptography.CryptographicException">It can't be opened with our key-encryption key.</exception>
    public WebhookSecret SecretOf(long domainId, WebhookEndpointEntry endpoint)
    {
        if (secrets.TryGetValue(endpoint.Id, out var known) && known.Sealed == endpoint.SealedSecret)
        {
            return known.Secret;
        }

        var secret = new WebhookSecret(vault.Open(endpoint.SealedSecret, SealingContext.WebhookSecret(domainId, endpoint.Url)));
        secrets[endpoint.Id] = (endpoint.SealedSecret, secret);
        return secret;
    }
}
