using MailPace.Dashboard.Api;
using MailPace.Dashboard.Domains;
using MailPace.Dashboard.Emails;
using MailPace.Dashboard.Setup;
using MailPace.Hosting.Configuration;
using MailPace.Hosting.Secrets;
using MailPace.Mail.ReturnPaths;
using MailPace.Mail.Sealing;
using MailPace.Smtp.Resolution;
using MailPace.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPace.Dashboard;

/// <summary>The function <c>dashboard</c>: the Domains API and the management API.</summary>
public static class DashboardFunction
{
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddStorage();
        services.AddDomainSetup();
        services.RequireSecret(SecretDefinitions.DkimKek);
        services.RequireSecret(SecretDefinitions.WebhookKek);
        services.AddMailPaceOptions<DashboardOptions>(DashboardOptions.SectionName);
        services.AddManagementApi();
        services.TryAddSingleton<DomainsApi>();
        services.TryAddSingleton<TokensApi>();
        services.TryAddSingleton<EmailsApi>();
        return services;
    }

    /// <summary>A domain's keys, its DNS records and the look at them: for this function and for the operator's commands.</summary>
    public static IServiceCollection AddDomainSetup(this IServiceCollection services)
    {
        services.AddMailPaceOptions<ResolverOptions>(ResolverOptions.SectionName);
        services.AddMailPaceOptions<ReturnPathOptions>(ReturnPathOptions.SectionName);
        services.TryAddSingleton(static provider => new KeyVault(provider.GetRequiredService<SecretFiles>().Read(SecretDefinitions.DkimKek)));
        services.TryAddSingleton<DkimKeyMaker>();
        services.TryAddSingleton<WebhookSealing>();
        services.TryAddSingleton<DomainRecords>();
        services.TryAddSingleton<DomainDns>();
        services.TryAddSingleton<DomainChecker>();
        services.TryAddSingleton<DomainVerifier>();
        return services;
    }

    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").AsManagementApi();
        DomainsRoutes.Map(api);
        EmailsRoutes.Map(api);
        return endpoints;
    }
}
