using MailPace.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Draining;

internal static class DrainServices
{
    public static void AddMailPaceDrain(this IServiceCollection services)
    {
        services.AddMailPaceOptions<DrainOptions>(DrainOptions.SectionName);
        services.TryAddSingleton<DrainState>();
        services.AddHostedService<DrainService>();
        services.AddOptions<HostOptions>().Configure<IOptions<DrainOptions>>(
            (host, drain) => host.ShutdownTimeout = drain.Value.Delay + drain.Value.Timeout);
    }
}
