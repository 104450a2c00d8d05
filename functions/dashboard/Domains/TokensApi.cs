using System.Security.Claims;
using MailPace.Dashboard.Api;
using MailPace.Mail.Submission;
using MailPace.Storage.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MailPace.Dashboard.Domains;

/// <summary>API tokens of a domain. The secret is answered once, when the token is made.</summary>
internal sealed class TokensApi(Storage.Accounts.Domains domains, ApiTokens tokens, IOptions<DashboardOptions> options)
{
    private const int MaxName = 255;

    public async Task<Results<Ok<IReadOnlyList<TokenBody>>, NotFound<ErrorBody>, UnprocessableEntity<FieldErrorsBody>>> ListAsync(
        ClaimsPrincipal user, long id, string? limit, string? offset, CancellationToken cancellationToken)
    {
        if (!await OwnsAsync(user, id, cancellationToken))
        {
            return ApiErrors.NotFound();
        }

        if (!PageQuery.TryRead(limit, offset, sort: null, direction: null, out var page, out var fault))
        {
            return fault;
        }

        var found = await tokens.ListOfDomainAsync(id, page.Limit, page.Offset, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<TokenBody>>([.. found.Select(static token => TokenBody.Of(token))]);
    }

    public async Task<Results<Ok<TokenBody>, NotFound<ErrorBody>>> GetAsync(ClaimsPrincipal user, long id, long tokenId, CancellationToken cancellationToken)
        => await OwnsAsync(user, id, cancellationToken) && await tokens.FindAsync(id, tokenId, cancellationToken) is { } token
            ? TypedResults.Ok(TokenBody.Of(token))
            : ApiErrors.NotFound();

    public async Task<Results<Created<TokenBody>, NotFound<ErrorBody>, UnprocessableEntity<FieldErrorsBody>>> AddAsync(
        ClaimsPrincipal user, long id, TokenRequest request, CancellationToken cancellationToken)
    {
        if (!await OwnsAsync(user, id, cancellationToken))
        {
            return ApiErrors.NotFound();
        }

        if (FindFault(request) is { } fault)
        {
            return fault;
        }

        if ((await tokens.ListOfDomainAsync(id, options.Value.MaxTokens, offset: 0, cancellationToken)).Count >= options.Value.MaxTokens)
        {
            return ApiErrors.Unprocessable("name", "is one token too many for this domain");
        }

        var secret = TokenSecret.Generate();
        var added = await tokens.AddAsync(
            new NewApiToken
            {
                OrganisationId = ApiCaller.Of(user).OrganisationId,
                DomainId = id,
                Name = request.ApiToken!.Name!.Trim(),
                SecretHash = TokenSecret.Hash(secret),
                Hint = TokenSecret.Hint(secret),
            },
            cancellationToken);
        return TypedResults.Created($"/api/v1/domains/{id}/api_tokens/{added.Id}", TokenBody.Of(added, secret));
    }

    public async Task<Results<Ok<TokenBody>, NotFound<ErrorBody>, UnprocessableEntity<FieldErrorsBody>>> RenameAsync(
        ClaimsPrincipal user, long id, long tokenId, TokenRequest request, CancellationToken cancellationToken)
    {
        if (!await OwnsAsync(user, id, cancellationToken) || await tokens.FindAsync(id, tokenId, cancellationToken) is null)
        {
            return ApiErrors.NotFound();
        }

        if (FindFault(request) is { } fault)
        {
            return fault;
        }

        return await tokens.RenameAsync(id, tokenId, request.ApiToken!.Name!.Trim(), cancellationToken) is { } renamed
            ? TypedResults.Ok(TokenBody.Of(renamed))
            : ApiErrors.NotFound();
    }

    public async Task<Results<Ok<MessageBody>, NotFound<ErrorBody>>> RevokeAsync(ClaimsPrincipal user, long id, long tokenId, CancellationToken cancellationToken)
        => await OwnsAsync(user, id, cancellationToken)
            && await tokens.FindAsync(id, tokenId, cancellationToken) is not null
            && await tokens.RevokeAsync(tokenId, cancellationToken) is not null
            ? TypedResults.Ok(new MessageBody("API token deleted"))
            : ApiErrors.NotFound();

    private async Task<bool> OwnsAsync(ClaimsPrincipal user, long domainId, CancellationToken cancellationToken)
        => await domains.FindAsync(ApiCaller.Of(user).OrganisationId, domainId, cancellationToken) is not null;

    private static UnprocessableEntity<FieldErrorsBody>? FindFault(TokenRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.ApiToken?.Name))
        {
            return ApiErrors.Unprocessable("name", ApiErrors.Blank);
        }

        return request.ApiToken.Name.Length > MaxName ? ApiErrors.Unprocessable("name", ApiErrors.TooLong(MaxName)) : null;
    }
}
