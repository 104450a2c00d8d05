namespace MailPace.Hosting.Secrets;

/// <summary>The secrets of the platform.</summary>
public static class SecretDefinitions
{
    /// <summary>Name of the optional text file that holds PostgreSQL's password.</summary>
    public const string PostgresPassword = "postgres-password";

    public static readonly SecretDefinition DkimKek = new("dkim-kek", 32, "encrypts the DKIM private keys at rest; without it no email can be signed");

    public static readonly SecretDefinition WebhookKek = new("webhook-kek", 32, "encrypts the keys and secrets that sign webhooks; without it none can be posted");

    /// <summary>Name of the optional text file that holds the API token which notices to customers are sent with.</summary>
    public const string NoticeToken = "notice-token";

    public static readonly SecretDefinition ReturnPathKey = new("return-path-key", 32, "authenticates the return-paths that bounces come back to");
}
