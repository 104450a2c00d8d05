using MailPace.Smtp.Resolution;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Tests.Resolution;

public sealed class OwnNamesTests
{
    [Fact]
    public void NamesThatWeSay_AreOursWithoutBeingListed()
        => Assert.Equal(
            ["mx.us.example", "out.us.example", "edge.us.example"],
            OwnNames(("Dns:OwnNames:0", "mx.us.example"), ("Smtp:HeloName", "out.us.example"), ("SmtpEdge:HostName", "edge.us.example")));

    [Fact]
    public void NamesThatAreListedToo_StandOnce()
        => Assert.Equal(["us.example"], OwnNames(("Dns:OwnNames:0", "us.example"), ("Smtp:HeloName", "US.example"), ("SmtpEdge:HostName", "us.example")));

    [Fact]
    public void WithoutAHeloName_TheHostNameIsOurs() => Assert.Equal([System.Net.Dns.GetHostName()], OwnNames());

    private static string[] OwnNames(params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(static each => each.Name, static each => (string?)each.Value)).Build());
        services.AddLogging();
        services.AddSmtpDelivery();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<ResolverOptions>>().Value.OwnNames;
    }
}
