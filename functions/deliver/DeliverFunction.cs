using MailPace.Deliver.Shaping;
using MailPace.Mail.Retries;
using MailPace.Messaging.Connection;
using MailPace.Smtp;
using MailPace.Smtp.Security;
using MailPace.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MailPace.Deliver;

/// <summary>Composition of the function <c>deliver</c>.</summary>
public static class DeliverFunction
{
    public static IServiceCollection AddDeliver(this IServiceCollection services)
    {
        services.AddMessaging();
        services.AddStorage();
        services.TryAddSingleton<IStsPolicyStore, StsPolicyBucket>();
        services.AddSmtpDelivery();
        services.AddOptions<DeliverOptions>().BindConfiguration(DeliverOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RetryOptions>().BindConfiguration(RetryOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(static provider => new RetrySchedule(provider.GetRequiredService<IOptions<RetryOptions>>().Value, Random.Shared));
        services.AddOptions<ShapingOptions>().BindConfiguration(ShapingOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<MxGroups>();
        services.TryAddSingleton<GroupFinder>();
        services.TryAddSingleton<GroupGate>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, GroupGate>(static provider => provider.GetRequiredService<GroupGate>()));
        services.TryAddSingleton<AttemptHistory>();
        services.TryAddSingleton<DeliverHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DeliverConsumer>());
        return services;
    }

    public static IEndpointRouteBuilder MapDeliver(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/", DeliverEndpoint.InvokeAsync);
        return endpoints;
    }
}
