using System.Security.Cryptography;
using MailPace.Hosting.Secrets;
using MailPace.Mail.Dkim;
using MailPace.Mail.Sealing;
using MailPace.Mail.Webhooks;
using MailPace.Storage.Accounts;
using MailPace.Storage.Webhooks;

namespace MailPace.Dashboard.Setup;

/// <summary>Makes and seals what signs webhooks.</summary>
public sealed class WebhookSealing(WebhookEndpoints endpoints, SecretFiles secrets)
{
    /// <summary>The domain's key, which is made when it's asked for first.</summary>
    public async Task<WebhookKey> KeyOfAsync(Domain domain, CancellationToken cancellationToken)
    {
        if (await endpoints.FindKeyAsync(domain.Id, cancellationToken) is { } known)
        {
            return known;
        }

        var pair = DkimKeyPair.GenerateEd25519();
        try
        {
            using var vault = OpenVault();
            var key = new WebhookKey(pair.PublicKey, vault.Seal(pair.Pkcs8, SealingContext.WebhookKey(domain.Id)));
            return await endpoints.EnsureKeyAsync(domain.Id, key, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pair.Pkcs8);
        }
    }

    public string Seal(WebhookSecret secret, long domainId, string url)
    {
        using var vault = OpenVault();
        return vault.Seal(secret.Bytes, SealingContext.WebhookSecret(domainId, url));
    }

    public WebhookSecret Open(WebhookEndpoint endpoint)
    {
        using var vault = OpenVault();
        return new WebhookSecret(vault.Open(endpoint.SealedSecret, SealingContext.WebhookSecret(endpoint.DomainId, endpoint.Url)));
    }

    private KeyVault OpenVault() => new(secrets.Read(SecretDefinitions.WebhookKek));
}
