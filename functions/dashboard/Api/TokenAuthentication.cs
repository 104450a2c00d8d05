using System.Text.Encodings.Web;
using MailPace.Mail.Submission;
using MailPace.Storage.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Dashboard.Api;

/// <summary>
/// Finds whose token a request carries, in PostgreSQL: a token that was revoked a moment ago is revoked. Whoever has none, a wrong one or a
/// revoked one gets 401; a token that is not the route's kind counts as wrong.
/// </summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiToken";

    private const string OrganisationHeader = "MailPace-Organization-Token";

    private static readonly string[] ServerHeaders = ["MailPace-Server-Token", "OhMySMTP-Server-Token"];

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null || ReadToken() is not { } secret)
        {
            return AuthenticateResult.NoResult();
        }

        var token = await tokens.FindByHashAsync(TokenSecret.Hash(secret), Context.RequestAborted);
        return token is null
            ? AuthenticateResult.Fail("There is no such token.")
            : AuthenticateResult.Success(new AuthenticationTicket(
                new ApiCaller(token.Id, token.OrganisationId, token.DomainId).ToPrincipal(SchemeName), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        => ApiErrors.WriteAsync(Context, StatusCodes.Status401Unauthorized, ReadToken() is null ? "Missing API Token" : "Invalid API Token");

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
        => ApiErrors.WriteAsync(Context, StatusCodes.Status401Unauthorized, "Invalid API Token");

    private string? ReadToken()
    {
        foreach (var name in (string[])[OrganisationHeader, .. ServerHeaders])
        {
            foreach (var value in Request.Headers[name])
            {
                if (!string.IsNullOrWhiteSpace(value))
                {
                    return value.Trim();
                }
            }
        }

        return null;
    }
}
