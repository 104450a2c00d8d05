using System.Globalization;

namespace MailPace.Mail.Sealing;

/// <summary>What a secret is sealed for: whoever seals and whoever opens must say the same.</summary>
public static class SealingContext
{
    /// <param name="domain">A-label in lower case.</param>
    /// <param name="selector">Selector of the key.</param>
    public static string DkimKey(string domain, string selector) => $"dkim/{domain}/{selector}";

    public static string WebhookKey(long domainId) => string.Create(CultureInfo.InvariantCulture, $"webhook/{domainId}");

    public static string WebhookSecret(long domainId, string url) => string.Create(CultureInfo.InvariantCulture, $"webhook/{domainId}/{url}");
}
