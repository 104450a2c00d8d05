using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MailPace.Deliver;

/// <summary>The contract of the OpenFaaS template.</summary>
public static class Handler
{
    public static void MapServices(IServiceCollection services) => services.AddDeliver();

    public static void MapEndpoints(WebApplication app) => app.MapDeliver();
}
