using MailPace.Send;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Function;

/// <summary>What the OpenFaaS template calls.</summary>
public static class Handler
{
    public static void MapServices(IServiceCollection services) => services.AddSend();

    public static void MapEndpoints(IEndpointRouteBuilder endpoints) => endpoints.MapSend();
}
