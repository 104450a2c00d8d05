using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MailPace.Testing.Tests;

public sealed class FreePortTests
{
    [Fact]
    public void Next_Always_IsBindableAndBelowTheEphemeralRange()
    {
        var lowestEphemeral = int.Parse(
            File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', ' ')[0], CultureInfo.InvariantCulture);

        var port = FreePort.Next();

        Assert.InRange(port, 1_024, lowestEphemeral - 1);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }
}
