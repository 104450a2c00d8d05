using MailPace.Messaging.Blobs;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Ids;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Shaping;
using MailPace.Messaging.Topology;
using MailPace.Messaging.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Connection;

public static class MessagingServices
{
    /// <summary>Adds the connection, the topology and the publishers. One connection serves the process; it reconnects for ever.</summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddOptions<NatsOptions>().BindConfiguration(NatsOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PublishOptions>().BindConfiguration(PublishOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new NatsConnection(new NatsOpts
        {
            Url = provider.GetRequiredService<IOptions<NatsOptions>>().Value.Url,
            Name = "mailpace",
            LoggerFactory = provider.GetRequiredService<ILoggerFactory>(),
            MaxReconnectRetry = -1,
            RetryOnInitialConnect = true,
            ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
            ReconnectWaitMax = TimeSpan.FromSeconds(2),
            CommandTimeout = TimeSpan.FromSeconds(10),
            RequestTimeout = TimeSpan.FromSeconds(10),
            SubPendingChannelCapacity = 64 * 1024,
        }));
        services.TryAddSingleton<INatsConnection>(static provider => provider.GetRequiredService<NatsConnection>());
        services.TryAddSingleton<INatsJSContext>(static provider => new NatsJSContext(provider.GetRequiredService<NatsConnection>(), new NatsJSOpts(provider.GetRequiredService<NatsConnection>().Opts)));
        services.TryAddSingleton<RepeatHorizon>();
        services.TryAddSingleton<TopologyKeeper>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TopologyKeeper>(static provider => provider.GetRequiredService<TopologyKeeper>()));
        services.TryAddSingleton<ServerCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ServerCheck>(static provider => provider.GetRequiredService<ServerCheck>()));
        services.TryAddSingleton<PublishHealth>();
        services.TryAddSingleton<MailPublisher>();
        services.TryAddSingleton<InboundPublisher>();
        services.TryAddSingleton<EventPublisher>();
        services.TryAddSingleton<JobPublisher>();
        services.TryAddSingleton<JobInspector>();
        services.TryAddSingleton<WebhookPublisher>();
        services.TryAddSingleton<WebhookStreams>();
        services.TryAddSingleton<AcknowledgedJobs>();
        services.TryAddSingleton<EmailIdCounter>();
        services.TryAddSingleton<GroupStates>();
        services.TryAddSingleton<EmailIds>();
        services.TryAddSingleton<BlobStore>();
        return services;
    }
}
