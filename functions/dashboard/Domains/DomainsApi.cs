using System.Security.Claims;
using MailPace.Dashboard.Api;
using MailPace.Dashboard.Setup;
using MailPace.Mail.Addresses;
using MailPace.Storage.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MailPace.Dashboard.Domains;

/// <summary>The Domains API. What belongs to another organisation doesn't exist.</summary>
internal sealed class DomainsApi(
    Storage.Accounts.Domains domains,
    DkimKeys keys,
    DkimKeyMaker keyMaker,
    DomainRecords records,
    DomainVerifier verifier,
    WebhookSealing webhooks,
    IOptions<DashboardOptions> options)
{
    private const int MaxUrl = 2048;

    public async Task<Results<Ok<IReadOnlyList<DomainBody>>, UnprocessableEntity<FieldErrorsBody>>> ListAsync(
        ClaimsPrincipal user, string? limit, string? offset, string? sort, string? direction, CancellationToken cancellationToken)
    {
        if (!PageQuery.TryRead(limit, offset, sort, direction, out var page, out var fault))
        {
            return fault;
        }

        var found = await domains.ListAsync(ApiCaller.Of(user).OrganisationId, page, cancellationToken);
        var keysOf = await keys.ListAsync([.. found.Select(static domain => domain.Id)], cancellationToken);
        var bodies = new List<DomainBody>(found.Count);
        foreach (var domain in found)
        {
            bodies.Add(await BodyOfAsync(domain, [.. keysOf[domain.Id]], cancellationToken));
        }

        return TypedResults.Ok<IReadOnlyList<DomainBody>>(bodies);
    }

    public async Task<Results<Ok<DomainBody>, NotFound<ErrorBody>>> GetAsync(ClaimsPrincipal user, long id, CancellationToken cancellationToken)
    {
        if (await domains.FindAsync(ApiCaller.Of(user).OrganisationId, id, cancellationToken) is not { } domain)
        {
            return ApiErrors.NotFound();
        }

        return TypedResults.Ok(await BodyOfAsync(domain, cancellationToken));
    }

    public async Task<Results<Created<DomainBody>, UnprocessableEntity<FieldErrorsBody>>> AddAsync(
        ClaimsPrincipal user, DomainRequest request, CancellationToken cancellationToken)
    {
        var organisation = ApiCaller.Of(user).OrganisationId;
        if (string.IsNullOrWhiteSpace(request.Domain?.Name))
        {
            return ApiErrors.Unprocessable("name", ApiErrors.Blank);
        }

        if (!TryReadName(request.Domain.Name, out var name))
        {
            return ApiErrors.Unprocessable("name", ApiErrors.Invalid);
        }

        if (!IsUrl(request.Domain.Url))
        {
            return ApiErrors.Unprocessable("url", ApiErrors.Invalid);
        }

        if (await domains.CountAsync(organisation, cancellationToken) >= options.Value.MaxDomains)
        {
            return ApiErrors.Unprocessable("name", "is one domain too many for this organization");
        }

        if (await domains.AddAsync(organisation, name, Absent(request.Domain.Url), cancellationToken) is not { } domain)
        {
            return ApiErrors.Unprocessable("name", ApiErrors.Taken);
        }

        await keyMaker.MakeAsync(domain, cancellationToken);
        return TypedResults.Created($"/api/v1/domains/{domain.Id}", await BodyOfAsync(domain, cancellationToken));
    }

    public async Task<Results<Ok<DomainBody>, NotFound<ErrorBody>, UnprocessableEntity<FieldErrorsBody>>> ChangeAsync(
        ClaimsPrincipal user, long id, DomainRequest request, CancellationToken cancellationToken)
    {
        var organisation = ApiCaller.Of(user).OrganisationId;
        if (await domains.FindAsync(organisation, id, cancellationToken) is not { } domain)
        {
            return ApiErrors.NotFound();
        }

        if (request.Domain?.Name is { } given && !(TryReadName(given, out var name) && name == domain.Name))
        {
            return ApiErrors.Unprocessable("name", "can't be changed, since its keys and records are this name's");
        }

        if (request.Domain?.Url is not { } url)
        {
            return TypedResults.Ok(await BodyOfAsync(domain, cancellationToken));
        }

        if (!IsUrl(url))
        {
            return ApiErrors.Unprocessable("url", ApiErrors.Invalid);
        }

        var changed = await domains.SetUrlAsync(organisation, id, Absent(url), cancellationToken);
        return changed is null ? ApiErrors.NotFound() : TypedResults.Ok(await BodyOfAsync(changed, cancellationToken));
    }

    public async Task<Results<Ok<VerificationBody>, NotFound<ErrorBody>>> VerifyAsync(ClaimsPrincipal user, long id, CancellationToken cancellationToken)
    {
        if (await domains.FindAsync(ApiCaller.Of(user).OrganisationId, id, cancellationToken) is not { } domain)
        {
            return ApiErrors.NotFound();
        }

        var (report, verification, change) = await verifier.VerifyAsync(domain, cancellationToken);
        return TypedResults.Ok(VerificationBody.Of(report, verification, change));
    }

    private async Task<DomainBody> BodyOfAsync(Domain domain, CancellationToken cancellationToken)
        => await BodyOfAsync(domain, await keys.ListAsync(domain.Id, cancellationToken), cancellationToken);

    private async Task<DomainBody> BodyOfAsync(Domain domain, IReadOnlyList<DkimKey> keysOfDomain, CancellationToken cancellationToken)
        => DomainBody.Of(
            domain, keysOfDomain, records.For(domain.Name, keysOfDomain), (await webhooks.KeyOfAsync(domain, cancellationToken)).PublicKey);

    /// <summary>A name that the public DNS can hold: at least two labels.</summary>
    private static bool TryReadName(string text, out string name)
        => DomainName.TryParse(text.Trim(), out name) && name.Contains('.', StringComparison.Ordinal);

    private static bool IsUrl(string? text)
        => string.IsNullOrEmpty(text)
            || (text.Length <= MaxUrl && Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps));

    private static string? Absent(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
