using System.Net.Sockets;
using Npgsql;

namespace MailPace.Storage;

/// <summary>Which failures mean that PostgreSQL is away or busy, so that the same call may succeed later.</summary>
public static class PostgresFaults
{
    /// <summary>SQLSTATE classes of PostgreSQL, appendix A: connection, resources, operator intervention, system, and what asks for a repeat.</summary>
    private static readonly string[] TransientClasses = ["08", "40", "53", "55", "57", "58"];

    /// <summary>cannot_connect_now, admin_shutdown and the like have class 57; query_canceled is a statement timeout there too.</summary>
    public static bool IsTransient(Exception error) => error switch
    {
        PostgresException postgres => TransientClasses.Any(c => postgres.SqlState.StartsWith(c, StringComparison.Ordinal)),
        NpgsqlException => true,
        SocketException or IOException or TimeoutException => true,
        // A broken connector surfaces as this when the transaction is disposed or used once more.
        ObjectDisposedException or InvalidOperationException { InnerException: NpgsqlException or IOException } => true,
        _ => false,
    };

    internal static bool IsUniqueViolation(PostgresException error) => error.SqlState == PostgresErrorCodes.UniqueViolation;
}
