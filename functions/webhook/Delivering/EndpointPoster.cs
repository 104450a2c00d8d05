using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using MailPace.Mail.Webhooks;
using Microsoft.Extensions.Options;

namespace MailPace.Webhook.Delivering;

/// <summary>
/// Posts one body to one endpoint. Redirects aren't followed, nothing is remembered between posts but connections, and of the answer no more is
/// read than is logged: an endpoint costs its time-out at most.
/// </summary>
internal sealed class EndpointPoster : IDisposable
{
    private const int LoggedBytes = 512;

    /// <summary>Who answers more loses its connection.</summary>
    private const int ReadBytes = 8 * 1024;

    private const string UserAgent = "mailpace_webhooks/1.0";

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public EndpointPoster(EndpointAddresses addresses, IOptions<WebhookOptions> options, TimeProvider time)
    {
        _timeout = options.Value.Timeout;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = addresses.ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            PreAuthenticate = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),

            // An address that was looked up is trusted for so long.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = ReadBytes,
        };
    }

    public async Task<PostResult> PostAsync(Uri url, string eventId, ReadOnlyMemory<byte> body, WebhookSigner signer, WebhookSecret secret, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            using var request = Compose(url, eventId, body, signer, secret);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var text = await ReadStartAsync(response, limit.Token);
            return new PostResult((int)response.StatusCode, null, text, _time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PostResult(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {_timeout.TotalSeconds:0.#} s"), null, _time.GetElapsedTime(started));
        }
        catch (HttpRequestException failure)
        {
            return new PostResult(null, Explain(failure), null, _time.GetElapsedTime(started));
        }
        catch (IOException failure)
        {
            return new PostResult(null, failure.Message, null, _time.GetElapsedTime(started));
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Compose(Uri url, string eventId, ReadOnlyMemory<byte> body, WebhookSigner signer, WebhookSecret secret)
    {
        var at = _time.GetUtcNow();
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(url) { UserName = "", Password = "", Fragment = "" }.Uri)
        {
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.TryAddWithoutValidation("X-MailPace-Signature", signer.Sign(body.Span));
        request.Headers.TryAddWithoutValidation("webhook-id", eventId);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", signer.SignStandard(eventId, at, body.Span, secret));
        if (url.UserInfo.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        }

        return request;
    }

    /// <summary>The status is the answer; what can't be read of the rest is missing in the log, no more.</summary>
    private static async Task<string?> ReadStartAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var start = new byte[ReadBytes];
        var length = 0;
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (length < start.Length && await content.ReadAsync(start.AsMemory(length), cancellationToken) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
        }

        return length == 0 ? null : Printable(Encoding.UTF8.GetString(start, 0, Math.Min(length, LoggedBytes)));
    }

    private static string Printable(string text)
        => string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) && source[i] is not ('\n' or '\t') ? ' ' : source[i];
            }
        });

    private static string Explain(HttpRequestException failure) => failure switch
    {
        { InnerException: HttpRequestException own } => own.Message,
        { InnerException: AuthenticationException tls } => "TLS failed: " + tls.Message,
        _ => failure.Message,
    };
}
