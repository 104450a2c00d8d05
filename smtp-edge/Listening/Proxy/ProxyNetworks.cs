using System.Net;

namespace MailPace.SmtpEdge.Listening.Proxy;

/// <summary>The networks that a listener's proxies are in: whoever connects from there says who the client is.</summary>
internal sealed class ProxyNetworks(IEnumerable<string> networks)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(IPNetwork.Parse)];

    public bool Contains(EndPoint? peer)
    {
        if (_networks.Length == 0 || peer is not IPEndPoint { Address: var address })
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_networks, network => network.Contains(plain));
    }
}
