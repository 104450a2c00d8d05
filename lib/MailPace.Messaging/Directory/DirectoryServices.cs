using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MailPace.Messaging.Directory;

public static class DirectoryServices
{
    /// <summary>Adds <see cref="DirectoryCache"/> with its watch, and <see cref="DirectoryWriter"/>.</summary>
    public static IServiceCollection AddDirectory(this IServiceCollection services)
    {
        services.AddOptions<DirectoryOptions>()
            .BindConfiguration(DirectoryOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DirectoryWriter>();
        services.TryAddSingleton<DirectoryCache>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DirectoryCache>(
            static provider => provider.GetRequiredService<DirectoryCache>()));
        return services;
    }
}
