using MailPace.Messaging.Connection;
using MailPace.Messaging.Topology;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Hosting.Health;

/// <summary>
/// Asks the JetStream API, not the port: a server whose disk is full still takes connections. What breaks the promise of
/// durability is a reason too.
/// </summary>
internal sealed class JetStreamCheck(INatsJSContext jetStream, TopologyKeeper topology, ServerCheck server) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await jetStream.GetAccountInfoAsync(cancellationToken);
        }
        catch (Exception e) when (e is NatsException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"JetStream does not answer: {e.Message}");
        }

        return (topology.Fault ?? server.Fault) is { } fault ? HealthCheckResult.Unhealthy(fault) : HealthCheckResult.Healthy();
    }
}
