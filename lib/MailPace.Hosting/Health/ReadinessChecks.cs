using MailPace.Messaging.Directory;
using MailPace.Messaging.Intake;
using MailPace.Messaging.Topology;
using MailPace.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Health;

/// <summary>Asks for what the process was wired with: a function that never sees PostgreSQL isn't unready because of it.</summary>
internal sealed class ReadinessChecks(IServiceProviderIsService services) : IConfigureOptions<HealthCheckServiceOptions>
{
    /// <summary>A check that is silent for so long has failed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public void Configure(HealthCheckServiceOptions options)
    {
        Add<DrainCheck>(options, "process");
        if (services.IsService(typeof(TopologyKeeper)))
        {
            Add<JetStreamCheck>(options, "jetstream");
        }

        if (services.IsService(typeof(DirectoryCache)))
        {
            Add<DirectoryCheck>(options, "directory");
        }

        if (services.IsService(typeof(EmailIntake)))
        {
            Add<EmailIdCheck>(options, "email ids");
        }

        if (services.IsService(typeof(Database)))
        {
            Add<PostgresCheck>(options, "postgresql");
        }
    }

    private static void Add<T>(HealthCheckServiceOptions options, string name)
        where T : IHealthCheck
        => options.Registrations.Add(new HealthCheckRegistration(
            name, provider => ActivatorUtilities.GetServiceOrCreateInstance<T>(provider), HealthStatus.Unhealthy, tags: null, Timeout));
}
