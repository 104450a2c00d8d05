using MailPace.Messaging.Ids;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Hosting.Health;

/// <summary>Without the counter of ids no email can be accepted: on a new NATS, until <c>record</c> has made it from history.</summary>
internal sealed class EmailIdCheck(EmailIdCounter counter) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await counter.ReadAsync(cancellationToken) is null
                ? HealthCheckResult.Unhealthy("There is no counter of email ids yet; record makes it from history.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NatsException or NatsJSException or NatsKVException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"The counter of email ids can't be read: {e.Message}");
        }
    }
}
