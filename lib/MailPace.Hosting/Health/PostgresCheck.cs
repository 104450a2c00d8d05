using MailPace.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace MailPace.Hosting.Health;

/// <summary>PostgreSQL answers a query.</summary>
internal sealed class PostgresCheck(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await database.CheckAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"PostgreSQL does not answer: {e.Message}");
        }
    }
}
