using System.Net;
using System.Net.Sockets;

namespace MailPace.Smtp.Resolution;

internal static class AddressOrders
{
    /// <summary>By turns, so that a machine without one of the families reaches the other within its few tries.</summary>
    public static IEnumerable<IPAddress> Sort(this AddressOrder order, IReadOnlyCollection<IPAddress> addresses)
    {
        var four = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6).ToList();
        var six = addresses.Except(four).ToList();
        return order switch
        {
            AddressOrder.IPv4First => ByTurns(four, six),
            AddressOrder.IPv6First => ByTurns(six, four),
            AddressOrder.IPv4Only => four,
            AddressOrder.IPv6Only => six,
        };
    }

    private static IEnumerable<IPAddress> ByTurns(List<IPAddress> first, List<IPAddress> second)
    {
        for (var i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            foreach (var family in (List<IPAddress>[])[first, second])
            {
                if (i < family.Count)
                {
                    yield return family[i];
                }
            }
        }
    }
}
