using System.ComponentModel.DataAnnotations;

namespace MailPace.Storage;

public sealed class PostgresOptions
{
    public const string SectionName = "Postgres";

    /// <summary>
    /// Npgsql connection string. Connect to the server itself: advisory locks and LISTEN don't survive
    /// a pooler in transaction mode.
    /// </summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>Password, where the connection string holds none; normally from a secret file.</summary>
    public string? Password { get; set; }

    /// <summary>How long one statement may take. Default 30 s.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
