using MailPace.Hosting.Configuration;
using MailPace.Hosting.ReturnPaths;
using MailPace.Hosting.Secrets;
using MailPace.Messaging.Connection;
using MailPace.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MailPace.Bounce;

/// <summary>The function <c>bounce</c>: reports that came back in, events out.</summary>
public static class BounceFunction
{
    public static IServiceCollection AddBounce(this IServiceCollection services)
    {
        services.AddMessaging();
        services.AddStorage();
        services.AddReturnPaths();
        services.RequireSecret(SecretDefinitions.ReturnPathKey);
        services.AddMailPaceOptions<BounceOptions>(BounceOptions.SectionName);
        services.TryAddSingleton<ReturnPathProof>();
        services.TryAddSingleton<BounceHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BounceWorker>());
        return services;
    }

    /// <summary>It is called by its stream alone; health and metrics are those of every process.</summary>
    public static IEndpointRouteBuilder MapBounce(this IEndpointRouteBuilder endpoints) => endpoints;
}
