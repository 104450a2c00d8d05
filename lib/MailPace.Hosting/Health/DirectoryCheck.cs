using MailPace.Messaging.Directory;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MailPace.Hosting.Health;

/// <summary>Without its first snapshot the directory knows no token, and every request would be refused.</summary>
internal sealed class DirectoryCheck(DirectoryCache directory) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(directory.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The directory of tokens and domains has not been read yet."));
}
