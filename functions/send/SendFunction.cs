using MailPace.Mail.Composition;
using MailPace.Mail.Headers;
using MailPace.Messaging.Intake;
using MailPace.Send.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPace.Send;

public static class SendFunction
{
    public static IServiceCollection AddSend(this IServiceCollection services)
    {
        services.AddIntake();
        services.AddOptions<SendOptions>()
            .BindConfiguration(SendOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.Configure<KestrelServerOptions>(static kestrel => kestrel.AddServerHeader = false);
        services.TryAddSingleton(static provider => new MessageStamps(provider.GetRequiredService<TimeProvider>(), Random.Shared));
        services.TryAddSingleton<MessageComposer>();
        services.TryAddSingleton<AttachmentRules>();
        services.TryAddSingleton<BodyBudget>();
        services.TryAddSingleton<EmailPreparation>();
        services.TryAddSingleton<SendHandler>();
        services.TryAddSingleton<BatchHandler>();
        return services;
    }

    /// <summary>Maps <c>POST /api/v1/send</c>, <c>POST /send</c> for the Symfony transport, and <c>POST /api/v1/send/batch</c>. Other methods get 405 from routing.</summary>
    public static IEndpointRouteBuilder MapSend(this IEndpointRouteBuilder endpoints)
    {
        RequestDelegate handle = static context => context.RequestServices.GetRequiredService<SendHandler>().HandleAsync(context);
        endpoints.MapPost("/api/v1/send", handle);
        endpoints.MapPost("/send", handle);
        endpoints.MapPost("/api/v1/send/batch", static context => context.RequestServices.GetRequiredService<BatchHandler>().HandleAsync(context));
        return endpoints;
    }
}
