using MailPace.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Function;

/// <summary>What the OpenFaaS template calls.</summary>
public static class Handler
{
    public static void MapServices(IServiceCollection services) => services.AddDashboard();

    public static void MapEndpoints(WebApplication app) => app.MapDashboard();
}
