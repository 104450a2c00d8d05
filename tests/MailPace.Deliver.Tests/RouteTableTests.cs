namespace MailPace.Deliver.Tests;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("example.com", "mail.example.net:587")]
    [InlineData("EXAMPLE.com", "mail.example.net:587")]
    [InlineData("a.example.com", "127.0.0.1:2626")]
    [InlineData("b.a.example.com", "127.0.0.1:2626")]
    [InlineData("close.a.example.com", "close.a.example.com")]
    [InlineData("moved.example", "new.example")]
    [InlineData("notexample.com", "rest.example:25")]
    [InlineData("com", "rest.example:25")]
    public void Entry_TheClosest_Decides(string domain, string way)
    {
        var table = new RouteTable(new DeliverOptions
        {
            Route = DeliveryRoute.Mx,
            Routes =
            [
                new DomainRouteOptions { Domain = "example.com", Host = "mail.example.net", Port = 587 },
                new DomainRouteOptions { Domain = ".example.com", Route = DeliveryRoute.Sandbox },
                new DomainRouteOptions { Domain = "close.a.example.com", Route = DeliveryRoute.Mx },
                new DomainRouteOptions { Domain = "moved.example", Route = DeliveryRoute.Mx, Host = "new.example" },
                new DomainRouteOptions { Domain = "*", Host = "rest.example" },
            ],
        });

        Assert.Equal(way, table.For(domain).Match(mx => mx.Domain.ToLowerInvariant(), host => $"{host.Host}:{host.Port}"));
    }

    [Theory]
    [InlineData("example.org", "rest.example:25")]
    [InlineData("example.com", "example.com")]
    public void Domain_WithoutEntry_GoesTheGeneralWay(string domain, string way)
    {
        var table = new RouteTable(new DeliverOptions { Route = DeliveryRoute.Mx, Routes = [new DomainRouteOptions { Domain = ".org", Host = "rest.example" }] });
        Assert.Equal(way, table.For(domain).Match(mx => mx.Domain, host => $"{host.Host}:{host.Port}"));
    }

    [Fact]
    public void Smarthost_WithoutHost_IsToldAtStart()
        => Assert.Contains("example.com", Assert.Single(new DomainRouteOptions { Domain = "example.com" }.Validate(null!)).ErrorMessage);
}
