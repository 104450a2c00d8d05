using System.Net;
using MailPace.Mail.Dkim;
using MailPace.Mail.Webhooks;
using MailPace.Smtp.Resolution;
using MailPace.Testing;
using MailPace.Webhook.Delivering;
using Microsoft.Extensions.Options;

namespace MailPace.Webhook.Tests;

/// <summary>What a customer writes as URL, into DNS and into answers mustn't make us speak to our own network, follow him, or wait for him.</summary>
public sealed class RequestForgeryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Each of them is on this machine, or in some machine's own network.</summary>
    public static TheoryData<string> Inner => new(
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "169.254.1.1", "100.64.0.1", "100.127.255.255",
        "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
        "::1", "::", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "2001:db8::1", "100::1");

    [Theory]
    [MemberData(nameof(Inner))]
    public async Task Address_ThatIsNotPublic_IsNeverConnectedTo_AsLiteralOrByName(string address)
    {
        await using var dns = new DnsResponder().WithAddress("rebound.example", address);
        using var poster = Create(dns, allowed: "");
        var host = IPAddress.Parse(address).AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address;

        Assert.EndsWith("leads to no public address", (await PostAsync(poster, $"http://{host}:8222/")).Fault, StringComparison.Ordinal);
        Assert.EndsWith("leads to no public address", (await PostAsync(poster, "http://rebound.example:8222/")).Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://user@127.0.0.1/")]
    [InlineData("http://localhost/")]
    public async Task Address_InDisguise_IsNotConnectedTo(string url)
    {
        await using var dns = new DnsResponder().WithAddress("localhost", "127.0.0.1");
        using var poster = Create(dns, allowed: "");

        var fault = (await PostAsync(poster, url)).Fault;
        Assert.True(fault!.EndsWith("leads to no public address", StringComparison.Ordinal) || fault.EndsWith("has no address", StringComparison.Ordinal), fault);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("//example.com/")]
    [InlineData("http://exam ple.com/")]
    [InlineData("http://example.com/\r\nX: y")]
    public void Url_OfAnotherKind_IsNoEndpoint(string url) => Assert.False(EndpointUrl.TryParse(url, out _));

    [Fact]
    public async Task Name_ThatLeadsElsewhereLater_IsJudgedByWhereItLeadsNow()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var dns = new DnsResponder().WithAddress("rebound.example", "127.0.0.2").WithAddress("both.example", "10.9.9.9").WithAddress("both.example", "127.0.0.1");
        using var poster = Create(dns, allowed: "127.0.0.1/32");

        // Where one address is refused and another isn't, only the other is connected to.
        var both = await PostAsync(poster, $"http://both.example:{receiver.Port}/");
        Assert.True(both.IsSuccess, both.Fault);
        Assert.EndsWith("leads to no public address", (await PostAsync(poster, $"http://rebound.example:{receiver.Port}/")).Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_IsNotFollowed(int status)
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var dns = new DnsResponder();
        using var poster = Create(dns, allowed: "127.0.0.0/8");
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = receiver.Url + "/inner";
            return Task.CompletedTask;
        };

        var result = await PostAsync(poster, receiver.Url);

        Assert.Equal((status, false), (result.Status!.Value, result.IsSuccess));
        Assert.Single(receiver.Hooks);
    }

    [Fact]
    public async Task Answer_WithoutEnd_CostsNoMoreThanIsLogged()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var dns = new DnsResponder();
        using var poster = Create(dns, allowed: "127.0.0.0/8");
        var sent = 0L;
        receiver.Answer = async (context, _) =>
        {
            var part = new byte[64 * 1024];
            part.AsSpan().Fill((byte)'x');
            while (!context.RequestAborted.IsCancellationRequested && sent < 1L << 30)
            {
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
                sent += part.Length;
            }
        };

        var result = await PostAsync(poster, receiver.Url);

        Assert.Equal((200, 512), (result.Status!.Value, result.Response!.Length));
        Assert.InRange(sent, 0, 64L << 20);
    }

    [Fact]
    public async Task Endpoint_ThatTrickles_IsLeftAtTheTimeout()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var dns = new DnsResponder();
        using var poster = Create(dns, allowed: "127.0.0.0/8", timeout: 2);
        receiver.Answer = static (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);

        var result = await PostAsync(poster, receiver.Url);

        Assert.Equal("no answer within 2 s", result.Fault);
        Assert.InRange(result.Duration, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Credentials_OfTheUrl_BecomeBasicAuthentication()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var dns = new DnsResponder();
        using var poster = Create(dns, allowed: "127.0.0.0/8");

        await PostAsync(poster, receiver.Url.Replace("http://", "http://us%40er:pass@", StringComparison.Ordinal));

        Assert.Equal("Basic " + Convert.ToBase64String("us@er:pass"u8), Assert.Single(receiver.Hooks).Headers["Authorization"]);
    }

    private static EndpointPoster Create(DnsResponder dns, string allowed, int timeout = 30)
    {
        var resolver = Options.Create(new ResolverOptions { Resolvers = [dns.EndPoint] });
        var options = Options.Create(new WebhookOptions { Timeout = TimeSpan.FromSeconds(timeout), AllowedNetworks = allowed });
        return new EndpointPoster(new EndpointAddresses(new DnsLookup(resolver), resolver, options), options, TimeProvider.System);
    }

    private static async Task<PostResult> PostAsync(EndpointPoster poster, string url)
    {
        using var signer = new WebhookSigner(DkimKeyPair.GenerateEd25519().Pkcs8);
        return await poster.PostAsync(new Uri(url), "evt_1", "{\"event\":\"x\",\"payload\":{}}"u8.ToArray(), signer, WebhookSecret.Generate(), Token);
    }
}
