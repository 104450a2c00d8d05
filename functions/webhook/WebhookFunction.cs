using MailPace.Hosting.Configuration;
using MailPace.Hosting.Secrets;
using MailPace.Mail.Composition;
using MailPace.Mail.Headers;
using MailPace.Mail.Sealing;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Intake;
using MailPace.Smtp;
using MailPace.Storage;
using MailPace.Webhook.Delivering;
using MailPace.Webhook.Making;
using MailPace.Webhook.Replaying;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MailPace.Webhook;

/// <summary>The function <c>webhook</c>: MAIL and EVENTS in, posts to customers' endpoints out.</summary>
public static class WebhookFunction
{
    public static IServiceCollection AddWebhook(this IServiceCollection services)
    {
        services.AddMessaging();
        services.AddDirectory();
        services.AddIntake();
        services.AddStorage();
        services.AddSmtpDelivery();
        services.AddMailPaceOptions<WebhookOptions>(WebhookOptions.SectionName);
        services.RequireSecret(SecretDefinitions.WebhookKek);
        services.TryAddSingleton(static provider => new MessageStamps(provider.GetRequiredService<TimeProvider>(), Random.Shared));
        services.TryAddSingleton<MessageComposer>();
        services.TryAddSingleton<EmailFieldsReader>();
        services.TryAddSingleton<EmailCache>();
        services.TryAddSingleton<DeliveryMaker>();
        services.TryAddSingleton<MailMaker>();
        services.TryAddSingleton<EventMaker>();
        services.TryAddSingleton<EndpointAddresses>();
        services.TryAddSingleton<EndpointPoster>();
        services.TryAddSingleton<HookRetries>();
        services.TryAddSingleton<EmailTurns>();
        services.TryAddSingleton<DeliveryHandler>();
        services.TryAddSingleton<ReplayHandler>();

        // A vault of its own: what opens DKIM keys opens nothing here.
        services.TryAddSingleton(static provider => new EndpointKeys(new KeyVault(provider.GetRequiredService<SecretFiles>().Read(SecretDefinitions.WebhookKek))));

        // The log first: hosted services are stopped in reverse, and it writes what the last attempts say.
        services.TryAddSingleton<AttemptLog>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AttemptLog>(static provider => provider.GetRequiredService<AttemptLog>()));
        services.TryAddSingleton<EndpointSupervisor>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EndpointSupervisor>(static provider => provider.GetRequiredService<EndpointSupervisor>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PauseNotices>());
        return services;
    }

    /// <summary>It is called by its streams alone; health and metrics are those of every process.</summary>
    public static IEndpointRouteBuilder MapWebhook(this IEndpointRouteBuilder endpoints) => endpoints;
}
