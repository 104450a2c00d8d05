using MailPace.Messaging.Connection;
using MailPace.Messaging.Directory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPace.Messaging.Intake;

public static class IntakeServices
{
    /// <summary>Adds <see cref="EmailIntake"/> and what it stands on.</summary>
    public static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services.AddMessaging();
        services.AddDirectory();
        services.AddOptions<IntakeOptions>()
            .BindConfiguration(IntakeOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton<EmailIntake>();
        return services;
    }
}
