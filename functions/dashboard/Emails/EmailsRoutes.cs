using System.Security.Claims;
using MailPace.Dashboard.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPace.Dashboard.Emails;

/// <summary>The routes for emails and their statistics, under organisation tokens and tokens of a domain.</summary>
internal static class EmailsRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        var emails = api.MapGroup("/emails").RequireAuthorization(ManagementApi.AnyToken).WithTags("Emails");
        emails.MapGet("", static (EmailsApi handler, ClaimsPrincipal user, [AsParameters] EmailsQuery query, CancellationToken token)
            => handler.ListAsync(user, query, token)).WithName("ListEmails");
        emails.MapGet("{id:long}", static (EmailsApi handler, ClaimsPrincipal user, long id, CancellationToken token)
            => handler.GetAsync(user, id, token)).WithName("GetEmail");
        api.MapGet("/statistics", static (EmailsApi handler, ClaimsPrincipal user, [AsParameters] EmailsQuery query, CancellationToken token)
            => handler.CountAsync(user, query, token)).RequireAuthorization(ManagementApi.AnyToken).WithTags("Statistics").WithName("GetStatistics");
    }
}
