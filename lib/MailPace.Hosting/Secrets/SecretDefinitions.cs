namespace MailPace.Hosting.Secrets;

/// <summary>The secrets of the platform.</summary>
public static class SecretDefinitions
{
    /// <summary>Name of the optional text file that holds PostgreSQL's password.</summary>
    public const string PostgresPassword = "postgres-password";

    public static readonly SecretDefinition DkimKek = new("dkim-kek", 32, "encrypts the DKIM private keys at rest; without it no email can be signed");

    public static readonly SecretDefinition ReturnPathKey = new("return-path-key", 32, "authenticates the return-paths that bounces come back to");
}
