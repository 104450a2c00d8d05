using System.Security.Cryptography;

namespace MailPace.Mail.Webhooks;

/// <summary>The secret of an endpoint's symmetric signature, as Standard Webhooks writes it: <c>whsec_</c> and base64.</summary>
public sealed record WebhookSecret(byte[] Bytes)
{
    public const string Prefix = "whsec_";

    private const int Length = 24;

    public static WebhookSecret Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>The secret as it's shown to the endpoint's owner.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(Bytes);

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => "webhook secret";
}
