using System.Security.Claims;
using MailPace.Dashboard.Api;
using MailPace.Storage.History;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MailPace.Dashboard.Emails;

/// <summary>Emails of the caller's organisation, or of the domain that the caller's token is for.</summary>
internal sealed class EmailsApi(EmailSearch search, Storage.History.Emails emails, TimeProvider time)
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public async Task<Results<Ok<EmailListBody>, UnprocessableEntity<FieldErrorsBody>>> ListAsync(
        ClaimsPrincipal user, EmailsQuery query, CancellationToken cancellationToken)
    {
        if (!query.TryRead(ApiCaller.Of(user), out var filter, out var fault))
        {
            return ApiErrors.Unprocessable(fault, ApiErrors.Invalid);
        }

        // One more than asked for tells whether there is a next page.
        var found = await search.ListAsync(filter with { Limit = filter.Limit + 1 }, cancellationToken);
        var page = found.Take(filter.Limit).ToList();
        return TypedResults.Ok(new EmailListBody(
            [.. page.Select(EmailSummaryBody.Of)],
            found.Count > page.Count ? page[^1].Cursor.ToString() : null));
    }

    public async Task<Results<Ok<EmailBody>, NotFound<ErrorBody>>> GetAsync(ClaimsPrincipal user, long id, CancellationToken cancellationToken)
    {
        var caller = ApiCaller.Of(user);
        return await emails.FindAsync(id, cancellationToken) is { } email
            && email.OrganisationId == caller.OrganisationId
            && (caller.DomainId is null || email.DomainId == caller.DomainId)
            ? TypedResults.Ok(EmailBody.Of(email))
            : ApiErrors.NotFound();
    }

    /// <summary>Of the last 30 days, unless the query says otherwise.</summary>
    public async Task<Results<Ok<StatisticsBody>, UnprocessableEntity<FieldErrorsBody>>> CountAsync(
        ClaimsPrincipal user, EmailsQuery query, CancellationToken cancellationToken)
    {
        if (!query.TryRead(ApiCaller.Of(user), out var filter, out var fault))
        {
            return ApiErrors.Unprocessable(fault, ApiErrors.Invalid);
        }

        var counts = await search.CountAsync(filter with { Since = filter.Since ?? time.GetUtcNow() - Month }, cancellationToken);
        return TypedResults.Ok(new StatisticsBody(
            Sum(counts),
            [.. counts.GroupBy(static count => count.Day).Select(static day => new DayBody(DateOnly.FromDateTime(day.Key.UtcDateTime), Sum(day)))]));
    }

    private static Dictionary<string, long> Sum(IEnumerable<StateCount> counts)
        => counts.GroupBy(static count => count.State).ToDictionary(static state => state.Key.ToString().ToLowerInvariant(), static state => state.Sum(static count => count.Recipients));
}
