using MailPace.Storage.Accounts;
using MailPace.Storage.Directory;
using MailPace.Storage.History;
using MailPace.Storage.Migrations;
using MailPace.Storage.Reconciling;
using MailPace.Storage.Sandbox;
using MailPace.Storage.Suppressing;
using MailPace.Storage.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPace.Storage;

public static class StorageServices
{
    /// <summary>Adds the database and every repository. Opens no connection before the first use.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<PostgresOptions>().BindConfiguration(PostgresOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AttemptLedgerOptions>().BindConfiguration(AttemptLedgerOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Database>();
        services.TryAddSingleton<Migrator>();

        services.TryAddSingleton<Organisations>();
        services.TryAddSingleton<Domains>();
        services.TryAddSingleton<ApiTokens>();
        services.TryAddSingleton<DkimKeys>();
        services.TryAddSingleton<Suppressions>();
        services.TryAddSingleton<SuppressionChanges>();
        services.TryAddSingleton<InboundEndpoints>();
        services.TryAddSingleton<WebhookEndpoints>();
        services.TryAddSingleton<WebhookAttempts>();
        services.TryAddSingleton<WebhookHistory>();
        services.TryAddSingleton<DirectoryOutbox>();

        services.TryAddSingleton<DayPartitions>();
        services.TryAddSingleton<ProjectionCursors>();
        services.TryAddSingleton<Projection>();
        services.TryAddSingleton<AttemptLedger>();
        services.TryAddSingleton<Emails>();
        services.TryAddSingleton<EmailSearch>();

        services.TryAddSingleton<OpenJobs>();
        services.TryAddSingleton<ReconcilerMemory>();
        services.TryAddSingleton<SandboxMessages>();
        return services;
    }
}
