using System.Security.Claims;
using MailPace.Dashboard.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPace.Dashboard.Domains;

/// <summary>The routes of the Domains API.</summary>
internal static class DomainsRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        var domains = api.MapGroup("/domains").RequireAuthorization(ManagementApi.OrganisationToken).WithTags("Domains");
        domains.MapGet("", static (DomainsApi handler, ClaimsPrincipal user, string? limit, string? offset, string? sort, string? direction, CancellationToken token)
            => handler.ListAsync(user, limit, offset, sort, direction, token)).WithName("ListDomains");
        domains.MapGet("{id:long}", static (DomainsApi handler, ClaimsPrincipal user, long id, CancellationToken token)
            => handler.GetAsync(user, id, token)).WithName("GetDomain");
        domains.MapPost("", static (DomainsApi handler, ClaimsPrincipal user, DomainRequest request, CancellationToken token)
            => handler.AddAsync(user, request, token)).WithName("AddDomain");
        domains.MapPatch("{id:long}", static (DomainsApi handler, ClaimsPrincipal user, long id, DomainRequest request, CancellationToken token)
            => handler.ChangeAsync(user, id, request, token)).WithName("ChangeDomain");
        domains.MapPost("{id:long}/verify", static (DomainsApi handler, ClaimsPrincipal user, long id, CancellationToken token)
            => handler.VerifyAsync(user, id, token)).WithName("VerifyDomain");

        var tokens = domains.MapGroup("{id:long}/api_tokens").WithTags("API tokens");
        tokens.MapGet("", static (TokensApi handler, ClaimsPrincipal user, long id, string? limit, string? offset, CancellationToken token)
            => handler.ListAsync(user, id, limit, offset, token)).WithName("ListTokens");
        tokens.MapPost("", static (TokensApi handler, ClaimsPrincipal user, long id, TokenRequest request, CancellationToken token)
            => handler.AddAsync(user, id, request, token)).WithName("AddToken");
        tokens.MapGet("{tokenId:long}", static (TokensApi handler, ClaimsPrincipal user, long id, long tokenId, CancellationToken token)
            => handler.GetAsync(user, id, tokenId, token)).WithName("GetToken");
        tokens.MapPatch("{tokenId:long}", static (TokensApi handler, ClaimsPrincipal user, long id, long tokenId, TokenRequest request, CancellationToken token)
            => handler.RenameAsync(user, id, tokenId, request, token)).WithName("RenameToken");
        tokens.MapDelete("{tokenId:long}", static (TokensApi handler, ClaimsPrincipal user, long id, long tokenId, CancellationToken token)
            => handler.RevokeAsync(user, id, tokenId, token)).WithName("RevokeToken");
    }
}
