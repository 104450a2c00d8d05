using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Function;

/// <summary>What the template calls: services first, then endpoints.</summary>
public static class Handler
{
    public static void MapServices(IServiceCollection services)
    {
    }

    public static void MapEndpoints(WebApplication app) => app.MapPost("/", () => Results.Text("It works."));
}
