using MailPace.Hosting.Configuration;
using MailPace.Hosting.Secrets;
using MailPace.Mail.ReturnPaths;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPace.Hosting.ReturnPaths;

public static class ReturnPathServices
{
    /// <summary>Adds <see cref="ReturnPathIssuer"/>. Its secret is read at the first use; who can't do without calls <see cref="SecretServices.RequireSecret"/>.</summary>
    public static IServiceCollection AddReturnPaths(this IServiceCollection services)
    {
        services.AddSecretFiles();
        services.AddMailPaceOptions<ReturnPathOptions>(ReturnPathOptions.SectionName);
        services.TryAddSingleton(static provider => new ReturnPathIssuer(
            provider.GetRequiredService<SecretFiles>().Read(SecretDefinitions.ReturnPathKey), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
