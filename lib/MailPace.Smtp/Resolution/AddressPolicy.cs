using System.Net;
using System.Net.Sockets;

namespace MailPace.Smtp.Resolution;

/// <summary>
/// Which addresses DNS may send us to. A domain's owner writes what he likes into its zone; that mustn't make us speak to our own network.
/// Decided on the address that is connected, IPv4 inside IPv6 included.
/// </summary>
public sealed class AddressPolicy
{
    /// <summary>IANA's special-purpose registries, as far as nothing public is in them.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
            "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly IPNetwork[] _allowed;
    private readonly HashSet<IPAddress> _own;

    public AddressPolicy(ResolverOptions options)
        : this(options.AllowedNetworks, options.OwnAddresses)
    {
    }

    /// <param name="allowedNetworks">CIDR of what may be connected to although it isn't public.</param>
    /// <param name="ownAddresses">Never connected to.</param>
    public AddressPolicy(IEnumerable<string> allowedNetworks, IEnumerable<string> ownAddresses)
    {
        _allowed = [.. allowedNetworks.Select(IPNetwork.Parse)];
        _own = [.. ownAddresses.Select(IPAddress.Parse)];
    }

    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (_own.Contains(plain) || plain.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            return false;
        }

        return Array.Exists(_allowed, network => network.Contains(plain)) || !Array.Exists(NotPublic, network => network.Contains(plain));
    }
}
