using MailPace.Hosting.Configuration;
using MailPace.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Secrets;

public static class SecretServices
{
    /// <summary>Adds <see cref="SecretFiles"/>.</summary>
    public static IServiceCollection AddSecretFiles(this IServiceCollection services)
    {
        services.AddMailPaceOptions<SecretsOptions>(SecretsOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SecretsOptions>, RequiredSecretsValidator>());
        services.TryAddSingleton<SecretFiles>();
        services.AddOptions<PostgresOptions>().PostConfigure<SecretFiles>(
            (postgres, secrets) => postgres.Password ??= secrets.FindText(SecretDefinitions.PostgresPassword));
        return services;
    }

    /// <summary>The process doesn't start without <paramref name="secret"/>.</summary>
    public static IServiceCollection RequireSecret(this IServiceCollection services, SecretDefinition secret)
    {
        services.AddSecretFiles();
        return services.AddSingleton(secret);
    }
}
