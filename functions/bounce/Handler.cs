using MailPace.Bounce;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Function;

/// <summary>What the OpenFaaS template calls.</summary>
public static class Handler
{
    public static void MapServices(IServiceCollection services) => services.AddBounce();

    public static void MapEndpoints(WebApplication app) => app.MapBounce();
}
