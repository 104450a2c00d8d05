using MailPace.Hosting.Configuration;
using MailPace.Hosting.Draining;
using MailPace.Hosting.Health;
using MailPace.Hosting.Listening;
using MailPace.Hosting.Logging;
using MailPace.Hosting.Secrets;
using MailPace.Hosting.Starting;
using MailPace.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting;

/// <summary>What every process of the platform has, whether it runs one function or all of them.</summary>
public static class MailPaceApplication
{
    /// <summary>A function's whole program.</summary>
    /// <param name="name">Name of the function, in logs and traces.</param>
    /// <param name="mapServices">Adds its services.</param>
    /// <param name="mapEndpoints">Maps its endpoints.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunFunctionAsync(string name, Action<IServiceCollection> mapServices, Action<WebApplication> mapEndpoints)
        => await ApplicationRun.GuardAsync(async () =>
        {
            var builder = CreateBuilder(name);
            mapServices(builder.Services);
            var app = builder.Build();
            app.MapMailPace();
            mapEndpoints(app);
            return await app.RunMailPaceAsync();
        });

    /// <summary>Configuration, secrets, logs, telemetry, health, drain and listeners.</summary>
    /// <param name="service">Name of the process in logs and traces.</param>
    /// <param name="settings">Settings that win over file and environment; for commands and tests.</param>
    public static WebApplicationBuilder CreateBuilder(string service, IReadOnlyDictionary<string, string?>? settings = null)
    {
        // The builder watches its content root with all folders below; by default that's the working directory, which may be "/".
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = service,
            EnvironmentName = "Production",
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddMailPaceSources(settings);
        builder.WebHost.UseKestrelHttpsConfiguration();

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddTransient(typeof(IOptionsFactory<>), typeof(ReportingOptionsFactory<>));
        services.AddMailPaceLogging(LogServices.CreateLogger(builder.Configuration, service));
        services.AddOptions<SettingNames>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SettingNames>, SettingNamesValidator>());
        services.AddMailPaceOptions<HttpOptions>(HttpOptions.SectionName);
        services.AddMailPaceOptions<StartOptions>(StartOptions.SectionName);
        services.AddMailPaceOptions<LogOptions>(LogOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, HttpListeners>());
        services.AddSecretFiles();
        services.AddMailPaceTelemetry(builder.Configuration, service);
        services.AddMailPaceHealth();
        services.AddMailPaceDrain();
        services.TryAddSingleton<StartOutcome>();
        services.AddHostedService<DependencyWait>();
        return builder;
    }

    /// <summary>
    /// Checks every option and secret and reports all that is wrong at once; then maps <c>/metrics</c>, <c>/_/health</c>, <c>/_/ready</c> and
    /// <c>/health</c>. Call it before any other mapping, since the first service to read its options would report its own errors only.
    /// </summary>
    public static void MapMailPace(this WebApplication app)
    {
        app.CheckSettings();
        app.MapMailPaceHealth();
        if (app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value.Metrics)
        {
            app.MapPrometheusScrapingEndpoint("/metrics");
        }
    }

    /// <summary>Checks every option, the names of all settings, and every secret.</summary>
    public static void CheckSettings(this WebApplication app) => app.Services.GetService<IStartupValidator>()?.Validate();

    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunMailPaceAsync(this WebApplication app) => ApplicationRun.RunAsync(app);
}
