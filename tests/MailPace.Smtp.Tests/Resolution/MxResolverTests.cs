using System.Net;
using MailPace.Smtp.Resolution;
using MailPace.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Tests.Resolution;

public sealed class MxResolverTests
{
    [Fact]
    public async Task Exchangers_ComeByPreference_ShuffledAmongEquals()
    {
        await using var dns = new DnsResponder()
            .WithMx("example.net", 20, "backup.example.net").WithMx("example.net", 10, "one.example.net").WithMx("example.net", 10, "two.example.net")
            .WithAddress("one.example.net", "198.41.0.1").WithAddress("two.example.net", "198.41.0.2").WithAddress("two.example.net", "2600::2")
            .WithAddress("backup.example.net", "198.41.0.3");

        HashSet<string> orders = [];
        for (var seed = 0; seed < 20; seed++)
        {
            var hosts = await FoundAsync(dns, "example.net", seed: seed);
            Assert.Equal("backup.example.net", hosts[2].Name);
            orders.Add(hosts[0].Name);
            Assert.Equal([IPAddress.Parse("198.41.0.2"), IPAddress.Parse("2600::2")], hosts.Single(host => host.Name == "two.example.net").Addresses);
        }

        Assert.Equal(2, orders.Count);
    }

    [Fact]
    public void Defaults_NeedNoResolver() => Assert.NotNull(new MxResolver(new DnsLookup(Options.Create(new ResolverOptions())), Options.Create(new ResolverOptions()), Random.Shared, NullLogger<MxResolver>.Instance));

    [Fact]
    public async Task Name_ThatIsNone_IsPermanent()
    {
        await using var dns = new DnsResponder();
        Assert.Equal("5.1.2", (await MissingAsync(dns, new string('x', 70) + ".example")).Enhanced);
    }

    [Fact]
    public async Task Domain_WithoutMx_IsItsOwnExchanger()
    {
        await using var dns = new DnsResponder().WithAddress("example.net", "198.41.0.1");
        Assert.Equal("example.net", Assert.Single(await FoundAsync(dns, "example.net")).Name);
    }

    [Fact]
    public async Task Aliases_AreFollowed()
    {
        await using var dns = new DnsResponder()
            .WithCname("alias.example", "example.net").WithMx("example.net", 10, "mx-alias.example.net").WithCname("mx-alias.example.net", "mx.example.net").WithAddress("mx.example.net", "198.41.0.1");
        Assert.Equal([IPAddress.Parse("198.41.0.1")], Assert.Single(await FoundAsync(dns, "alias.example")).Addresses);
    }

    [Fact]
    public async Task NullMx_IsPermanent()
    {
        await using var dns = new DnsResponder().WithMx("example.net", 0, ".");
        var reply = await MissingAsync(dns, "example.net");
        Assert.Equal((556, "5.1.10"), (reply.Code, reply.Enhanced));
    }

    [Fact]
    public async Task MissingDomain_AndMissingAddresses_ArePermanent()
    {
        await using var dns = new DnsResponder().WithMx("example.net", 10, "gone.example.net").WithMx("empty.example", 10, "mx.empty.example").WithCname("mx.empty.example", "nothing.example").WithMx("nothing.example", 1, "x.example");
        Assert.Equal("5.1.2", (await MissingAsync(dns, "nowhere.example")).Enhanced);
        Assert.Equal("5.4.4", (await MissingAsync(dns, "example.net")).Enhanced);
        Assert.Equal("5.4.4", (await MissingAsync(dns, "empty.example")).Enhanced);
    }

    [Fact]
    public async Task FailingDns_IsTransient()
    {
        await using var dns = new DnsResponder()
            .Failing("servfail.example", 2).Failing("refused.example", 5).Silent("silent.example")
            .WithMx("half.example", 10, "broken.half.example").Failing("broken.half.example", 2);
        foreach (var domain in (string[])["servfail.example", "refused.example", "silent.example", "half.example"])
        {
            Assert.Equal("4.4.3", (await MissingAsync(dns, domain, options => options.Timeout = TimeSpan.FromMilliseconds(domain == "silent.example" ? 300 : 10_000))).Enhanced);
        }
    }

    [Fact]
    public async Task OneWorkingExchanger_IsEnough()
    {
        await using var dns = new DnsResponder()
            .WithMx("example.net", 10, "broken.example.net").Failing("broken.example.net", 2)
            .WithMx("example.net", 20, "mx.example.net").WithAddress("mx.example.net", "198.41.0.1");
        Assert.Equal("mx.example.net", Assert.Single(await FoundAsync(dns, "example.net")).Name);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("198.41.0.99")]
    public async Task Address_ThatIsOurOwnOrNotPublic_IsNeverGiven(string address)
    {
        await using var dns = new DnsResponder().WithMx("example.net", 10, "mx.example.net").WithAddress("mx.example.net", address);
        Assert.Equal("5.4.4", (await MissingAsync(dns, "example.net", options => options.OwnAddresses = ["198.41.0.99"])).Enhanced);
    }

    [Fact]
    public async Task AllowedNetwork_IsGiven()
    {
        await using var dns = new DnsResponder().WithMx("example.net", 10, "mx.example.net").WithAddress("mx.example.net", "10.1.2.3");
        Assert.Single(await FoundAsync(dns, "example.net", options => options.AllowedNetworks = ["10.1.0.0/16"]));
    }

    [Fact]
    public async Task Answers_AreRememberedForTheirTimeToLive()
    {
        var dns = new DnsResponder().WithMx("example.net", 10, "mx.example.net").WithAddress("mx.example.net", "198.41.0.1").WithAddress("mx.example.net", "2600::1");
        var resolver = Resolver(dns, null, 1);
        Assert.IsType<MailHosts.Found>(await resolver.FindAsync("example.net", TestContext.Current.CancellationToken));
        await dns.DisposeAsync();

        Assert.IsType<MailHosts.Found>(await resolver.FindAsync("example.net", TestContext.Current.CancellationToken));
        Assert.IsType<MailHosts.Missing>(await resolver.FindAsync("example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task OurOwnName_EndsTheList()
    {
        await using var dns = new DnsResponder()
            .WithMx("example.net", 10, "best.example.net").WithMx("example.net", 20, "us.example").WithMx("example.net", 30, "worse.example.net")
            .WithAddress("best.example.net", "198.41.0.1").WithAddress("us.example", "198.41.0.2").WithAddress("worse.example.net", "198.41.0.3")
            .WithMx("loop.example", 10, "us.example");

        Assert.Equal("best.example.net", Assert.Single(await FoundAsync(dns, "example.net", options => options.OwnNames = ["us.example"])).Name);
        Assert.Equal("5.4.6", (await MissingAsync(dns, "loop.example", options => options.OwnNames = ["us.example"])).Enhanced);
    }

    [Fact]
    public async Task HundredExchangers_AreCut()
    {
        await using var dns = new DnsResponder();
        for (var i = 0; i < 12; i++)
        {
            dns.WithMx("example.net", i, $"m{i}.example.net");
            for (var j = 0; j < 5; j++)
            {
                dns.WithAddress($"m{i}.example.net", $"198.41.{i}.{j + 1}");
            }
        }

        var hosts = await FoundAsync(dns, "example.net", options => options.MaxHosts = 10);
        Assert.Equal(20, hosts.Sum(host => host.Addresses.Count));
        Assert.Equal(4, hosts.Count);
    }

    private static MxResolver Resolver(DnsResponder dns, Action<ResolverOptions>? change, int seed)
    {
        var options = new ResolverOptions { Resolvers = [dns.EndPoint], Timeout = TimeSpan.FromSeconds(10), Retries = 0 };
        change?.Invoke(options);
        return new MxResolver(new DnsLookup(Options.Create(options)), Options.Create(options), new Random(seed), NullLogger<MxResolver>.Instance);
    }

    private static async Task<IReadOnlyList<MailHost>> FoundAsync(DnsResponder dns, string domain, Action<ResolverOptions>? change = null, int seed = 1)
        => Assert.IsType<MailHosts.Found>(await Resolver(dns, change, seed).FindAsync(domain, TestContext.Current.CancellationToken)).Hosts;

    private static async Task<Contracts.RemoteReply> MissingAsync(DnsResponder dns, string domain, Action<ResolverOptions>? change = null)
        => Assert.IsType<MailHosts.Missing>(await Resolver(dns, change, 1).FindAsync(domain, TestContext.Current.CancellationToken)).Reply;
}
