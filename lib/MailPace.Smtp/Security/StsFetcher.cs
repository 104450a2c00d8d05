using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DnsClient;
using DnsClient.Protocol;
using MailPace.Contracts;
using MailPace.Smtp.Resolution;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Security;

/// <summary>
/// Fetches policies (RFC 8461 §3.3): HTTPS with a good certificate, no redirects, bounded in time and size, and only from addresses that mail may
/// be sent to: the domain's owner says where the host is.
/// </summary>
internal sealed class StsFetcher : IDisposable
{
    private const int MaxSize = 64 * 1024;

    private readonly DnsLookup _dns;
    private readonly AddressPolicy _addresses;
    private readonly CertificateCheck _certificates;
    private readonly TlsOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public StsFetcher(DnsLookup dns, IOptions<ResolverOptions> resolver, IOptions<TlsOptions> options, TimeProvider time)
    {
        _dns = dns;
        _addresses = new AddressPolicy(resolver.Value);
        _options = options.Value;
        _certificates = CertificateCheck.From(_options);
        _time = time;
#pragma warning disable CA2000 // The client disposes of its handler.
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = CertificateCheck.NewPolicy(),
                RemoteCertificateValidationCallback = (sender, certificate, chain, _) =>
                    certificate is X509Certificate2 leaf && chain is not null && _certificates.FaultOf(leaf, chain, ((SslStream)sender).TargetHostName) is null,
            },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxSize,
        };
#pragma warning restore CA2000
    }

    /// <returns>The text, or why there is none.</returns>
    public async Task<(string? Text, TlsFault? Fault, string? Detail)> FetchAsync(string domain, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.StsTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _client.GetAsync(
                new UriBuilder("https", $"mta-sts.{domain}", _options.StsPort, "/.well-known/mta-sts.txt").Uri, both.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (null, TlsFault.StsPolicyFetchError, $"HTTP status {(int)response.StatusCode}");
            }

            return response.Content.Headers.ContentType?.MediaType == "text/plain"
                ? (Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(both.Token)), null, null)
                : (null, TlsFault.StsPolicyInvalid, "the content isn't text/plain");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, IsCertificate(failure) ? TlsFault.StsWebPkiInvalid : TlsFault.StsPolicyFetchError, limit.IsCancellationRequested ? "timed out" : failure.GetBaseException().Message);
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsCertificate(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var answers = await Task.WhenAll(_dns.QueryAsync(host, QueryType.A, cancellationToken), _dns.QueryAsync(host, QueryType.AAAA, cancellationToken));
        var addresses = answers.SelectMany(answer => answer.Records.OfType<AddressRecord>()).Select(record => record.Address).Where(_addresses.Allows).ToArray();
        if (addresses.Length == 0)
        {
            throw new IOException($"{host} has no address that may be connected to");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
