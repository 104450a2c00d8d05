using MailPace.Contracts;
using MailPace.Hosting.Configuration;
using MailPace.Hosting.Jobs;
using MailPace.Hosting.ReturnPaths;
using MailPace.Hosting.Secrets;
using MailPace.Mail.Retries;
using MailPace.Mail.Sealing;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Directory;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPace.Sign;

/// <summary>The function <c>sign</c>: MAIL in, signed jobs out.</summary>
public static class SignFunction
{
    public static IServiceCollection AddSign(this IServiceCollection services)
    {
        services.AddMessaging();
        services.AddDirectory();
        services.AddMailPaceOptions<SignOptions>(SignOptions.SectionName);
        services.AddReturnPaths();
        services.AddMailPaceOptions<RetryOptions>(RetryOptions.SectionName);
        services.RequireSecret(SecretDefinitions.DkimKek);
        services.RequireSecret(SecretDefinitions.ReturnPathKey);
        services.TryAddSingleton(static provider => new KeyVault(provider.GetRequiredService<SecretFiles>().Read(SecretDefinitions.DkimKek)));
        services.TryAddSingleton<Signers>();
        services.TryAddSingleton<EmailSigner>();
        services.TryAddSingleton<JobFactory>();
        services.TryAddSingleton<BundleHandler>();
        services.TryAddSingleton<RedriveHandler>();
        services.AddHostedService<SignWorker>();
        return services;
    }

    /// <summary>One <see cref="RedriveRequest"/> as JSON, for <c>faas-cli invoke</c> and tests.</summary>
    public static void MapSign(this IEndpointRouteBuilder endpoints)
        => endpoints.MapJob<RedriveRequest>(
            "/",
            ContractsJsonContext.Default.RedriveRequest,
            (request, token) => endpoints.ServiceProvider.GetRequiredService<RedriveHandler>().HandleAsync(request, deliveries: 1, mayRepeat: false, token));
}
