using MailPace.Hosting.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MailPace.Hosting.Configuration;

/// <summary>What a command of the operator has, which starts nothing: configuration and secrets. It says itself what goes wrong, so nothing logs.</summary>
public static class CommandServices
{
    /// <param name="settings">Settings that win over file and environment.</param>
    public static IServiceCollection Create(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddMailPaceSources(settings);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration.Build());
        services.AddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddSecretFiles();
        return services;
    }
}
