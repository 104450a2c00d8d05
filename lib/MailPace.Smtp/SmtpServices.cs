using MailPace.Smtp.Delivery;
using MailPace.Smtp.Resolution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp;

public static class SmtpServices
{
    /// <summary>Adds <see cref="SmtpDeliverer"/>, with the sections <c>Smtp</c> and <c>Dns</c>.</summary>
    public static IServiceCollection AddSmtpDelivery(this IServiceCollection services)
    {
        services.AddOptions<SmtpOptions>().BindConfiguration(SmtpOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ResolverOptions>().BindConfiguration(ResolverOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ResolverOptions>, OwnNames>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<DnsLookup>();
        services.TryAddSingleton<MxResolver>();
        services.TryAddSingleton<SmtpDeliverer>();
        return services;
    }
}
