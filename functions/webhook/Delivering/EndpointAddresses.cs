using System.Net;
using System.Net.Sockets;
using MailPace.Smtp.Resolution;
using Microsoft.Extensions.Options;

namespace MailPace.Webhook.Delivering;

/// <summary>
/// Opens the connections to endpoints. A customer writes what he likes as URL and into his DNS zone; that mustn't make us speak to our own
/// network. So what is decided on is the address that is connected to, not the name: a name that leads elsewhere a moment later gains nothing.
/// </summary>
internal sealed class EndpointAddresses(DnsLookup dns, IOptions<ResolverOptions> resolver, IOptions<WebhookOptions> options)
{
    private readonly AddressPolicy policy = new(options.Value.Networks, resolver.Value.OwnAddresses);

    /// <exception cref="HttpRequestException">There is no address that may be connected to, or none that answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = await FindAsync(host, cancellationToken);
        if (found.Count == 0)
        {
            throw new HttpRequestException($"{host} has no address");
        }

        SocketException? last = null;
        foreach (var address in found.Where(policy.Allows))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException failure)
            {
                socket.Dispose();
                last = failure;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last is null
            ? new HttpRequestException($"{host} leads to no public address")
            : new HttpRequestException($"{host} can't be connected to: {last.SocketErrorCode}", last);
    }

    private async Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return [literal];
        }

        if (resolver.Value.Resolvers.Length > 0)
        {
            return await dns.FindAddressesAsync(host.TrimEnd('.'), cancellationToken);
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
