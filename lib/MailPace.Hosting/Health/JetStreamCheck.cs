using MailPace.Messaging.Connection;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Topology;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Hosting.Health;

/// <summary>
/// Asks the JetStream API, not the port: a server may take connections and do nothing else. What breaks the promise of
/// durability is a reason too, and so is a publish that failed: with its disk full the server answers every question.
/// </summary>
internal sealed class JetStreamCheck(INatsJSContext jetStream, TopologyKeeper topology, ServerCheck server, PublishHealth publishing) : IHealthCheck
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

        return (topology.Fault ?? server.Fault ?? publishing.Fault) is { } fault ? HealthCheckResult.Unhealthy(fault) : HealthCheckResult.Healthy();
    }
}
