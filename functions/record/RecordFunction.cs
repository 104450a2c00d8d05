using MailPace.Hosting.Configuration;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Directory;
using MailPace.Record.Feeding;
using MailPace.Record.Leading;
using MailPace.Record.Projecting;
using MailPace.Record.Reconciling;
using MailPace.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MailPace.Record;

/// <summary>The function <c>record</c>: history in PostgreSQL, the directory's feed and the reconciler.</summary>
public static class RecordFunction
{
    public static IServiceCollection AddRecord(this IServiceCollection services)
    {
        services.AddMessaging();
        services.AddStorage();
        services.AddDirectoryPublisher();
        services.AddMailPaceOptions<RecordOptions>(RecordOptions.SectionName);
        services.AddMailPaceOptions<ReconcilerOptions>(ReconcilerOptions.SectionName);
        services.TryAddSingleton<DeadLetters>();
        services.TryAddSingleton<LaneServices>();
        services.TryAddSingleton<Projector>();
        services.TryAddSingleton<DirectoryFeed>();
        services.TryAddSingleton<SuppressionKeeper>();
        services.TryAddSingleton<JobsBirth>();
        services.TryAddSingleton<Reconciler>();
        services.TryAddSingleton<PartitionKeeper>();
        services.TryAddSingleton<EmailIdKeeper>();
        services.TryAddSingleton<RecordLeader>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RecordLeader>(static provider => provider.GetRequiredService<RecordLeader>()));
        return services;
    }

    /// <summary>What a resync of the directory needs, without the rest of the function.</summary>
    public static IServiceCollection AddDirectoryPublisher(this IServiceCollection services)
    {
        services.TryAddSingleton<DirectoryWriter>();
        services.TryAddSingleton<DirectoryPublisher>();
        services.TryAddSingleton<EmailIdFloor>();
        return services;
    }

    /// <summary>It is called by its streams alone; health and metrics are those of every process.</summary>
    public static IEndpointRouteBuilder MapRecord(this IEndpointRouteBuilder endpoints) => endpoints;
}
