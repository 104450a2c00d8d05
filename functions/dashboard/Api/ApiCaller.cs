using System.Globalization;
using System.Security.Claims;

namespace MailPace.Dashboard.Api;

/// <summary>Whose token a request carries.</summary>
/// <param name="TokenId">The token.</param>
/// <param name="OrganisationId">Its organisation.</param>
/// <param name="DomainId">The only domain that it reaches; absent for an organisation token, which reaches all of its organisation.</param>
internal sealed record ApiCaller(long TokenId, long OrganisationId, long? DomainId)
{
    private const string TokenClaim = "token";
    private const string OrganisationClaim = "organisation";
    private const string DomainClaim = "domain";

    public bool IsOrganisation => DomainId is null;

    public static ApiCaller Of(ClaimsPrincipal principal) => new(
        Read(principal, TokenClaim) ?? throw new InvalidOperationException("The route lets in callers without a token."),
        Read(principal, OrganisationClaim)!.Value,
        Read(principal, DomainClaim));

    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        List<Claim> claims = [new(TokenClaim, Text(TokenId)), new(OrganisationClaim, Text(OrganisationId))];
        if (DomainId is { } domain)
        {
            claims.Add(new Claim(DomainClaim, Text(domain)));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }

    public static bool IsOrganisationToken(ClaimsPrincipal principal) => Read(principal, TokenClaim) is not null && Read(principal, DomainClaim) is null;

    private static long? Read(ClaimsPrincipal principal, string type)
        => principal.FindFirstValue(type) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
