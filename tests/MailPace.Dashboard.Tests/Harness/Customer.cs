using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Tests.Harness;

/// <summary>An organisation and its client of the API.</summary>
internal sealed class Customer(DashboardServer server, Organisation organisation, string token)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public long OrganisationId => organisation.Id;

    public string Token => token;

    /// <summary>The same organisation with another token, or none.</summary>
    public Customer With(string? otherToken) => new(server, organisation, otherToken ?? "");

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<ApiAnswer> PostAsync(string path, string? json = null) => SendAsync(HttpMethod.Post, path, json);

    public Task<ApiAnswer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, json);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public async Task<long> AddDomainAsync(string name)
        => (await PostAsync("/api/v1/domains", $$$"""{"domain":{"name":"{{{name}}}"}}""")).Json.GetProperty("id").GetInt64();

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? json, string type = "application/json", string header = "MailPace-Organization-Token")
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Url, path));
        if (token.Length > 0)
        {
            request.Headers.Add(header, token);
        }

        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        }

        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new ApiAnswer((int)answer.StatusCode, body, answer.Headers.Concat(answer.Content.Headers).ToDictionary(static h => h.Key, static h => string.Join(", ", h.Value)));
    }
}

internal sealed record ApiAnswer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}
