using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MailPace.Send.Requests;

/// <summary>Reads the request's header fields with the tolerances that real clients need.</summary>
internal static class ApiHeaders
{
    private static readonly string[] TokenNames = ["MailPace-Server-Token", "OhMySMTP-Server-Token"];

    /// <summary>The token, under its name or its old one; absent when neither says anything.</summary>
    public static string? ReadToken(IHeaderDictionary headers)
    {
        foreach (var name in TokenNames)
        {
            foreach (var value in headers[name])
            {
                if (!string.IsNullOrWhiteSpace(value))
                {
                    return value.Trim();
                }
            }
        }

        return null;
    }

    public static string? ReadIdempotencyKey(IHeaderDictionary headers)
    {
        var value = headers["Idempotency-Key"].ToString();
        return value.Length == 0 ? null : value;
    }

    /// <summary>The body is declared as JSON, and JSON is admitted as the answer. A missing Accept admits everything (RFC 9110 §12.5.1).</summary>
    public static bool AreJson(IHeaderDictionary headers) => IsJson(headers.ContentType) && AdmitsJson(headers.Accept);

    private static bool IsJson(string? contentType)
        => MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static bool AdmitsJson(IList<string?> accept)
    {
        if (accept.All(string.IsNullOrWhiteSpace))
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var ranges))
        {
            return false;
        }

        // The most specific range decides: "application/json;q=0, */*" doesn't admit JSON.
        var best = ranges.Where(IncludesJson).MaxBy(Specificity);
        return best is not null && best.Quality is not 0;
    }

    private static bool IncludesJson(MediaTypeHeaderValue range)
        => range.MatchesAllTypes
            || (range.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
                && (range.MatchesAllSubTypes || range.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)));

    private static int Specificity(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
