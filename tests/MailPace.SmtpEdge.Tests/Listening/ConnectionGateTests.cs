using System.Net;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Tests.Listening;

public sealed class ConnectionGateTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2:3::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)] // one /64
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Enter_TwoClients_CountTogetherWhenTheyAreOne(string first, string second, bool together)
    {
        var gate = new ConnectionGate(10, 1);
        Assert.Null(gate.Enter(EndPoint(first)));

        Assert.Equal(together ? Replies.TooManyFromAddress : null, gate.Enter(EndPoint(second)));
    }

    [Fact]
    public void Leave_GivesThePlaceBack()
    {
        var gate = new ConnectionGate(1, 1);
        Assert.Null(gate.Enter(EndPoint("192.0.2.1")));
        Assert.Equal(Replies.TooManyConnections, gate.Enter(EndPoint("192.0.2.2")));

        gate.Leave(EndPoint("192.0.2.1"));

        Assert.Null(gate.Enter(EndPoint("192.0.2.2")));
    }

    private static IPEndPoint EndPoint(string address) => new(IPAddress.Parse(address), 1);
}
