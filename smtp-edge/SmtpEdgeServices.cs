using MailPace.Hosting.Configuration;
using MailPace.Messaging.Intake;
using MailPace.SmtpEdge.Listening;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MailPace.SmtpEdge;

public static class SmtpEdgeServices
{
    /// <summary>Adds SMTP submission. Ask <see cref="SmtpEdgeService"/> for the ports that were bound.</summary>
    public static IServiceCollection AddSmtpEdge(this IServiceCollection services)
    {
        services.AddIntake();
        services.AddMailPaceOptions<SmtpEdgeOptions>(SmtpEdgeOptions.SectionName);
        services.TryAddSingleton<SmtpEdgeService>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SmtpEdgeService>(static provider => provider.GetRequiredService<SmtpEdgeService>()));
        return services;
    }
}
