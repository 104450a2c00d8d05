using MailPace.Hosting.Draining;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MailPace.Hosting.Health;

/// <summary>A process that was told to stop wants no new traffic.</summary>
internal sealed class DrainCheck(DrainState drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(drain.IsDraining ? HealthCheckResult.Unhealthy("The process is stopping.") : HealthCheckResult.Healthy());
}
