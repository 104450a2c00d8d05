using MailPace.Smtp.Delivery;
using MailPace.Smtp.Resolution;
using MailPace.Smtp.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp;

public static class SmtpServices
{
    /// <summary>Adds <see cref="SmtpDeliverer"/>, with the sections <c>Smtp</c>, <c>Dns</c> and <c>Tls</c>.</summary>
    public static IServiceCollection AddSmtpDelivery(this IServiceCollection services)
    {
        services.AddOptions<SmtpOptions>().BindConfiguration(SmtpOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ResolverOptions>().BindConfiguration(ResolverOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ResolverOptions>, OwnNames>());
        services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<DnsLookup>();
        services.TryAddSingleton<MxResolver>();
        services.TryAddSingleton<IStsPolicyStore, StsMemory>();
        services.TryAddSingleton<StsFetcher>();
        services.TryAddSingleton<StsPolicies>();
        services.TryAddSingleton<TlsPolicies>();
        services.TryAddSingleton(static provider => new SmtpDeliverer(
            provider.GetRequiredService<MxResolver>(),
            provider.GetRequiredService<TlsPolicies>(),
            provider.GetRequiredService<IOptions<SmtpOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        return services;
    }
}
