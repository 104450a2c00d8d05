using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailPace.Host;

/// <summary>A part of the platform that a process can run.</summary>
/// <param name="Name">Its name in <see cref="HostOptions.Functions"/>.</param>
/// <param name="Add">Adds its services.</param>
/// <param name="Map">Maps its endpoints.</param>
internal sealed record PlatformPart(string Name, Action<IServiceCollection> Add, Action<IEndpointRouteBuilder> Map);
