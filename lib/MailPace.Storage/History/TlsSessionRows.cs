using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using MailPace.Contracts;
using Npgsql;

namespace MailPace.Storage.History;

/// <summary>Counts TLS sessions per day, domain and what became of them: successes by policy, failures with all that tells them apart.</summary>
internal static class TlsSessionRows
{
    /// <param name="connection">In the transaction that moves the cursor, so that each session is counted once.</param>
    /// <param name="events">Events that are new.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<EmailEvent> events, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(DateOnly Day, string Domain, string Session), int>();
        foreach (var emailEvent in events)
        {
            foreach (var session in emailEvent.TlsSessions ?? [])
            {
                var kept = session.Fault is null ? session with { RemoteHost = null, RemoteAddress = null, LocalAddress = null, Detail = null } : session;
                var key = (DayPartitions.DayOf(emailEvent.At), session.Domain, PostgresText.Storable(JsonSerializer.Serialize(kept, ContractsJsonContext.Default.TlsSession)));
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        if (counts.Count == 0)
        {
            return;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into tls_sessions (day, domain, key, session, sessions)
            select * from unnest(@days, @domains, @keys, @sessions, @counts)
            on conflict (day, domain, key) do update set sessions = tls_sessions.sessions + excluded.sessions
            """,
            new
            {
                days = counts.Keys.Select(key => key.Day).ToArray(),
                domains = counts.Keys.Select(key => key.Domain).ToArray(),
                keys = counts.Keys.Select(key => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key.Session))).ToArray(),
                sessions = counts.Keys.Select(key => key.Session).ToArray(),
                counts = counts.Values.Select(count => (long)count).ToArray(),
            },
            cancellationToken: cancellationToken));
    }
}
