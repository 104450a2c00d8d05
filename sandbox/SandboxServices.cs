using MailPace.Hosting.Configuration;
using MailPace.Sandbox.Pages;
using MailPace.Sandbox.Reading;
using MailPace.Sandbox.Receiving;
using MailPace.Sandbox.Verification;
using MailPace.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Sandbox;

/// <summary>The sandbox: a receiving MX, its JSON API and its pages.</summary>
public static class SandboxServices
{
    public static IServiceCollection AddSandbox(this IServiceCollection services)
    {
        services.AddStorage();
        services.AddMailPaceOptions<SandboxOptions>(SandboxOptions.SectionName);
        services.TryAddSingleton<Arrivals>();
        services.TryAddSingleton<MessageStore>();
        services.AddHostedService(static provider => provider.GetRequiredService<MessageStore>());
        services.TryAddSingleton<SandboxIntake>();
        services.TryAddSingleton(static provider => new SandboxMx(
            provider.GetRequiredService<IOptions<SandboxOptions>>(),
            provider.GetRequiredService<SandboxIntake>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService(static provider => provider.GetRequiredService<SandboxMx>());
        services.TryAddSingleton<PublicKeys>();
        services.TryAddSingleton(static provider => new DkimCheck(provider.GetRequiredService<PublicKeys>()));
        services.TryAddSingleton(static provider => new EmailReader(provider.GetRequiredService<DkimCheck>()));
        services.TryAddSingleton<SandboxApi>();
        services.TryAddSingleton<SandboxPages>();
        return services;
    }

    public static void MapSandbox(this IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.GetRequiredService<SandboxApi>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<SandboxPages>().Map(endpoints);
    }
}
