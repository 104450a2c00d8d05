using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPace.Dashboard.Api;

/// <summary>What all routes of the Domains API and the management API share: who may call them, their JSON, their limits.</summary>
internal static class ManagementApi
{
    /// <summary>Any valid token; one of a domain reaches that domain only.</summary>
    public const string AnyToken = "api-token";

    /// <summary>An organisation token.</summary>
    public const string OrganisationToken = "organisation-token";

    private const int MaxBody = 1024 * 1024;

    public static void AddManagementApi(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(AnyToken, static policy => policy.AddAuthenticationSchemes(TokenAuthentication.SchemeName).RequireAuthenticatedUser())
            .AddPolicy(OrganisationToken, static policy => policy.AddAuthenticationSchemes(TokenAuthentication.SchemeName)
                .RequireAssertion(static context => ApiCaller.IsOrganisationToken(context.User)));
        services.ConfigureHttpJsonOptions(static json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.Converters.Add(new TimestampConverter());
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        });
        services.TryAddSingleton<ApiRates>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ApiFailures>());
    }

    public static RouteGroupBuilder AsManagementApi(this RouteGroupBuilder group)
    {
        group.WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        group.AddEndpointFilterFactory(static (context, next) => invocation =>
            invocation.HttpContext.RequestServices.GetRequiredService<ApiRates>().InvokeAsync(invocation, next));
        return group;
    }
}
