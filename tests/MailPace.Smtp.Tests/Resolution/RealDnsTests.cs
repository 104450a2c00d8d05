using System.Net;
using MailPace.Smtp.Resolution;
using MailPace.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Tests.Resolution;

/// <summary>Zones served by Knot DNS, resolved by Unbound.</summary>
public sealed class RealDnsTests(RealDnsTests.Zones zones) : IClassFixture<RealDnsTests.Zones>
{
    [Fact]
    public async Task Exchangers_ComeByPreference_ShuffledAmongEquals()
    {
        HashSet<string> orders = [];
        for (var seed = 0; seed < 20; seed++)
        {
            var hosts = await FoundAsync("several.plain.test", seed);
            Assert.Equal("backup.plain.test", hosts[2].Name);
            orders.Add(hosts[0].Name);
        }

        Assert.Equal(2, orders.Count);
    }

    [Theory]
    [InlineData(AddressOrder.IPv4First, "198.41.0.2", "2600::2", "198.41.0.3")]
    [InlineData(AddressOrder.IPv6First, "2600::2", "198.41.0.2", "198.41.0.3")]
    [InlineData(AddressOrder.IPv4Only, "198.41.0.2", "198.41.0.3")]
    [InlineData(AddressOrder.IPv6Only, "2600::2")]
    public async Task Families_ComeByTurns(AddressOrder order, params string[] addresses)
    {
        var found = Assert.Single(await FoundAsync("both.plain.test", change: options => options.AddressOrder = order)).Addresses;
        Assert.Equal(addresses, found.Select(address => address.ToString()).ToArray(), new SameFamilyInAnyOrder());
    }

    [Fact]
    public async Task Domain_WithoutMx_IsItsOwnExchanger() => Assert.Equal("implicit.plain.test", Assert.Single(await FoundAsync("implicit.plain.test")).Name);

    [Fact]
    public async Task Aliases_AreFollowed_OfTheDomainAndOfItsExchanger()
        => Assert.Equal([IPAddress.Parse("198.41.0.1")], Assert.Single(await FoundAsync("alias.plain.test")).Addresses);

    [Theory]
    [InlineData("null.plain.test", 556, "5.1.10")]
    [InlineData("nowhere.plain.test", 0, "5.1.2")]
    [InlineData("dangling.plain.test", 0, "5.1.2")]
    [InlineData("gone.plain.test", 0, "5.4.4")]
    [InlineData("empty.plain.test", 0, "5.4.4")]
    [InlineData("loopback.plain.test", 0, "5.4.4")]
    [InlineData("private.plain.test", 0, "5.4.4")]
    [InlineData("us.plain.test", 0, "5.4.6")]
    [InlineData("any.bogus.test", 0, "4.4.3")]
    [InlineData("half.plain.test", 0, "4.4.3")]
    public async Task Missing_SaysWhetherForGood(string domain, int code, string enhanced)
    {
        var reply = Assert.IsType<MailHosts.Missing>(await Resolver(null, 1).FindAsync(domain, TestContext.Current.CancellationToken)).Reply;
        Assert.Equal((code, enhanced), (reply.Code, reply.Enhanced));
    }

    [Fact]
    public async Task HundredExchangers_AreCut() => Assert.Equal(20, (await FoundAsync("hundred.plain.test")).Count);

    [Fact]
    public async Task Exchanger_ThatIsBogus_IsPassedOver() => Assert.Equal("one.plain.test", Assert.Single(await FoundAsync("mixed.plain.test")).Name);

    [Fact]
    public async Task SignedZone_IsSecure_AndItsAliasNamesBoth()
    {
        var found = Assert.IsType<MailHosts.Found>(await Resolver(null, 1).FindAsync("signed.test", TestContext.Current.CancellationToken));
        Assert.True(found.IsSecure);
        Assert.Equal([["mx.signed.test"], ["real.signed.test", "alias.signed.test"], []], found.Hosts.Select(host => host.SecureNames));
    }

    [Fact]
    public async Task UnsignedZone_IsntSecure()
    {
        var found = Assert.IsType<MailHosts.Found>(await Resolver(null, 1).FindAsync("borrowed.plain.test", TestContext.Current.CancellationToken));
        Assert.Equal((false, "mx.signed.test", 0), (found.IsSecure, found.Hosts[0].Name, found.Hosts[0].SecureNames.Count));
    }

    [Fact]
    public async Task Authority_ThatDoesntValidate_MakesNothingSecure()
    {
        var found = Assert.IsType<MailHosts.Found>(
            await Resolver(options => options.Resolvers = [zones.Dns.AuthorityEndPoint], 1).FindAsync("signed.test", TestContext.Current.CancellationToken));
        Assert.False(found.IsSecure);
    }

    private MxResolver Resolver(Action<ResolverOptions>? change, int seed)
    {
        var options = new ResolverOptions { Resolvers = [zones.Dns.EndPoint], OwnNames = ["mail.us.test"] };
        change?.Invoke(options);
        return new MxResolver(new DnsLookup(Options.Create(options)), Options.Create(options), new Random(seed), NullLogger<MxResolver>.Instance);
    }

    private async Task<IReadOnlyList<MailHost>> FoundAsync(string domain, int seed = 1, Action<ResolverOptions>? change = null)
        => Assert.IsType<MailHosts.Found>(await Resolver(change, seed).FindAsync(domain, TestContext.Current.CancellationToken)).Hosts;

    public sealed class Zones : IAsyncLifetime
    {
        public DnsServer Dns { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Dns = await DnsServer.StartAsync(
            new DnsZone("plain.test", $"""
                several MX 20 backup
                several MX 10 one
                several MX 10 two
                one A 198.41.0.1
                two A 198.41.0.2
                backup A 198.41.0.3
                both MX 10 both
                both A 198.41.0.2
                both A 198.41.0.3
                both AAAA 2600::2
                implicit A 198.41.0.1
                alias CNAME aliased
                aliased MX 10 mx-alias
                mx-alias CNAME one
                null MX 0 .
                dangling CNAME nothing
                gone MX 10 nothing
                empty TXT "neither MX nor address"
                loopback MX 10 self
                self A 127.0.0.1
                self AAAA ::1
                private MX 10 inside
                inside A 10.0.0.1
                inside A 192.168.0.1
                us MX 10 mail.us.test.
                half MX 10 mx.bogus.test.
                mixed MX 10 mx.bogus.test.
                mixed MX 20 one
                borrowed MX 10 mx.signed.test.
                {string.Join('\n', Enumerable.Range(1, 100).Select(i => $"hundred MX 10 h{i}\nh{i} A 198.41.1.{i}"))}
                """),
            new DnsZone("signed.test", """
                @ MX 10 mx
                @ MX 20 alias
                @ MX 30 one.plain.test.
                mx A 198.41.0.1
                alias CNAME real
                real A 198.41.0.2
                """) { IsSigned = true },
            new DnsZone("bogus.test", """
                any MX 10 mx
                mx A 198.41.0.1
                """) { IsBogus = true });

        public ValueTask DisposeAsync() => Dns.DisposeAsync();
    }

    /// <summary>Resolvers rotate the addresses of one name.</summary>
    private sealed class SameFamilyInAnyOrder : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? x, string[]? y) => Kinds(x!).SequenceEqual(Kinds(y!)) && x!.Order().SequenceEqual(y!.Order());

        public int GetHashCode(string[] obj) => obj.Length;

        private static IEnumerable<bool> Kinds(string[] addresses) => addresses.Select(address => address.Contains(':'));
    }
}
