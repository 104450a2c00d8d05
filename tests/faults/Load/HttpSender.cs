using System.Net;
using System.Text.Json;
using MailPace.Faults.Ledger;
using MailPace.Testing;

namespace MailPace.Faults.Load;

/// <summary>
/// A client of the HTTP API. Without an idempotency key it takes what it gets. With one it repeats until it gets its answer, and at times
/// it loses patience before the answer comes: its email may be durable by then, and the repeat must be told the same id.
/// </summary>
internal sealed class HttpSender(Platform platform, EmailMaker maker, ClientLedger ledger) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    public async Task RunAsync(CancellationToken stopping, CancellationToken givingUp)
    {
        while (!stopping.IsCancellationRequested)
        {
            var email = maker.Next();
            ledger.HandIn(email);
            var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
            {
                ["from"] = "faults@" + platform.Domain,
                ["to"] = string.Join(", ", email.Recipients),
                ["subject"] = email.Marker,
                ["textbody"] = maker.Body(),
            });
            while (!await IsSettledAsync(email, body, givingUp) && email.IdempotencyKey is not null && !givingUp.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }

            await Task.Delay(maker.Pause(), CancellationToken.None);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <returns>Whether the answer is final.</returns>
    private async Task<bool> IsSettledAsync(SubmittedEmail email, byte[] body, CancellationToken givingUp)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(givingUp);
        patience.CancelAfter(email.IdempotencyKey is not null && maker.LosesPatience() is { } soon ? soon : Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.Url + "/api/v1/send")) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Add("MailPace-Server-Token", platform.Token);
            if (email.IdempotencyKey is { } key)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            using var answer = await _http.SendAsync(request, patience.Token);
            return Take(email, answer.StatusCode, await answer.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception unknown) when (unknown is HttpRequestException or OperationCanceledException or IOException)
        {
            return false; // accepted or not: nobody said so
        }
    }

    private bool Take(SubmittedEmail email, HttpStatusCode status, string answer)
    {
        if (status == HttpStatusCode.OK)
        {
            using var json = JsonDocument.Parse(answer);
            ledger.Acknowledge(email.Marker, json.RootElement.GetProperty("id").GetInt64());
            return true;
        }

        // 409: the first try of this key is still under way.
        if (status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
            || (status == HttpStatusCode.Conflict && email.IdempotencyKey is not null))
        {
            ledger.Refuse($"{(int)status}");
            return false;
        }

        ledger.Unexpected(email.Marker, $"{(int)status} {answer}");
        return true;
    }
}
