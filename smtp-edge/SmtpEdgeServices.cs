using MailPace.Hosting.Configuration;
using MailPace.Hosting.ReturnPaths;
using MailPace.Messaging.Intake;
using MailPace.SmtpEdge.Intake.Inbound;
using MailPace.SmtpEdge.Listening;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MailPace.SmtpEdge;

public static class SmtpEdgeServices
{
    /// <summary>Adds SMTP submission and the inbound role, as far as listeners have them. Ask <see cref="SmtpEdgeService"/> for the ports that were bound.</summary>
    public static IServiceCollection AddSmtpEdge(this IServiceCollection services)
    {
        services.AddIntake();
        services.AddMailPaceOptions<SmtpEdgeOptions>(SmtpEdgeOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SmtpEdgeOptions>, CertificateFilesValidator>());
        services.AddMailPaceOptions<InboundOptions>(InboundOptions.SectionName);
        services.AddReturnPaths();
        services.TryAddSingleton<InboundPolicy>();
        services.TryAddSingleton<InboundIntake>();
        services.TryAddSingleton<SmtpEdgeService>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SmtpEdgeService>(static provider => provider.GetRequiredService<SmtpEdgeService>()));
        return services;
    }
}
