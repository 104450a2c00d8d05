using System.Net;
using System.Text.Json;

namespace MailPace.Send.Tests.Harness;

/// <summary>What the API answered.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, string Body, string? ContentType, TimeSpan? RetryAfter, IReadOnlyList<string> HeaderNames)
{
    /// <summary>The id of a 200, whose body is exactly as documented.</summary>
    public long AcceptedId()
    {
        Assert.Equal((HttpStatusCode.OK, "application/json; charset=utf-8"), (Status, ContentType));
        using var json = JsonDocument.Parse(Body);
        var id = json.RootElement.GetProperty("id").GetInt64();
        Assert.Equal($$"""{"id":{{id}},"status":"pending"}""", Body);
        return id;
    }

    public void IsRefused(int status, string body)
    {
        Assert.Equal((status, body), ((int)Status, Body));
        Assert.Equal("application/json; charset=utf-8", ContentType);
        Assert.DoesNotContain("Server", HeaderNames, StringComparer.OrdinalIgnoreCase);
    }
}
