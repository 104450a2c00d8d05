using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Tests.Harness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.SmtpEdge.Tests.Listening.Proxy;

/// <summary>A real listener, spoken to as a load balancer speaks.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string V1 = "PROXY TCP4 192.0.2.7 198.51.100.2 40000 25\r\n";

    private static readonly string V2 = ProxyHeaders.V2(0x21, 0x21, ProxyHeaders.V6Addresses + "\u0004\0\u0002ab");

    private readonly RecordingLog _log = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _log.Dispose();

    public static TheoryData<string, string> Clients => new()
    {
        { V1, "[192.0.2.7]" },
        { V2, "[IPv6:2001:db8::7]" },
        { "PROXY UNKNOWN\r\n", "[127.0.0.1]" },
        { ProxyHeaders.V2(0x20, 0x00, ""), "[127.0.0.1]" },
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Header_FromTheProxy_GivesTheClientsAddress(string header, string client)
    {
        await using var edge = await BehindProxyAsync();
        await using var proxy = await RawClient.ConnectAsync(edge.Inbound);

        await proxy.SendAsync(header + "EHLO c.example\r\n");
        Assert.StartsWith("220 ", await proxy.ReplyAsync(), StringComparison.Ordinal);
        await proxy.ReplyAsync();
        await SendMessageAsync(proxy);

        Assert.Contains($"from c.example ({client})", Assert.Single(edge.Intake.Traces), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Header_CutAtAnyOctet_IsTheSame(bool second)
    {
        await using var edge = await BehindProxyAsync();
        var header = second ? V2 : V1;
        for (var cut = 1; cut < header.Length; cut++)
        {
            await using var proxy = await RawClient.ConnectAsync(edge.Inbound);
            await proxy.SendAsync(header[..cut]);
            await proxy.SendAsync(header[cut..]);
            Assert.StartsWith("220 ", await proxy.ReplyAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(_log.Entries, entry => entry.Level >= LogLevel.Information && entry.Event != EventIds.Listening);
    }

    [Fact]
    public async Task Header_InFrontOfTls_GivesTheClientsAddress()
    {
        await using var edge = await BehindProxyAsync();
        await using var proxy = await RawClient.ConnectAsync(edge.Submissions);

        await proxy.SendAsync(V1);
        await proxy.StartTlsAsync();
        Assert.StartsWith("220 ", await proxy.ReplyAsync(), StringComparison.Ordinal);

        Assert.Contains(_log.Of(EventIds.SessionStarted), text => text.EndsWith("from 192.0.2.7:40000", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(V1)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    public async Task Header_FromElsewhere_IsNoCommandAndNamesNobody(string header)
    {
        await using var edge = await TestEdge.StartAsync(options => options.Listeners[2].ProxyNetworks.Add("10.0.0.0/8"), loggers: _log);
        await using var client = await RawClient.ConnectAsync(edge.Inbound);
        Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);

        await client.SendAsync(header + "\r\n");
        Assert.StartsWith("5", await client.ReplyAsync(), StringComparison.Ordinal);

        Assert.Contains(_log.Of(EventIds.SessionStarted), text => text.Contains("from 127.0.0.1:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("EHLO c.example\r\n", "Malformed")]
    [InlineData("PROXY TCP4 192.0.2.7\r\n", "Malformed")]
    [InlineData("PROXY TCP4 1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111", "TooLong")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\u0011\0", "TooLong")]
    public async Task Header_Wrong_EndsTheConnectionWithoutAWord(string octets, string fault)
    {
        using var faults = new Faults();
        await using var edge = await BehindProxyAsync();
        await using var proxy = await RawClient.ConnectAsync(edge.Inbound);

        await proxy.SendAsync(octets);

        Assert.Equal("", await proxy.ToEndRawAsync());
        Assert.EndsWith(fault, Assert.Single(_log.Of(EventIds.ProxyHeaderRefused)), StringComparison.Ordinal);
        Assert.Empty(_log.Of(EventIds.SessionStarted));
        Assert.Equal(1, faults.Count);
    }

    [Fact]
    public async Task Header_NotInTime_EndsTheConnection()
    {
        await using var edge = await BehindProxyAsync();
        await using var proxy = await RawClient.ConnectAsync(edge.Inbound);
        await proxy.SendAsync(V1[..20]);

        var end = proxy.ToEndRawAsync();
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return end.IsCompleted;
        });

        Assert.Equal("", await end);
        Assert.EndsWith("Slow", Assert.Single(_log.Of(EventIds.ProxyHeaderRefused)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_CutOff_IsTold()
    {
        await using var edge = await BehindProxyAsync();
        await using (var proxy = await RawClient.ConnectAsync(edge.Inbound))
        {
            await proxy.SendAsync(V1[..20]);
        }

        await Eventually.TrueAsync(() => _log.Of(EventIds.ProxyHeaderRefused).Any());
        Assert.EndsWith("CutOff", Assert.Single(_log.Of(EventIds.ProxyHeaderRefused)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    [InlineData(true, "\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    public async Task HealthCheck_ConnectsAndCloses_IsQuiet(bool reset, string header)
    {
        await using var edge = await BehindProxyAsync();
        foreach (var endPoint in (IPEndPoint[])[edge.Inbound, edge.Submission, edge.Submissions])
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await probe.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
            await probe.SendAsync(System.Text.Encoding.Latin1.GetBytes(header), TestContext.Current.CancellationToken);
            probe.LingerState = new LingerOption(reset, 0);
        }

        // Behind them in the same queues: when it is answered and the server has stopped, they have been seen.
        await using var proxy = await RawClient.ConnectAsync(edge.Inbound);
        await proxy.SendAsync(V1);
        await proxy.ReplyAsync();
        await edge.Server.StopAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(_log.Entries, entry => entry.Level >= LogLevel.Information && entry.Event is not (EventIds.Listening or EventIds.Stopping));
    }

    [Fact]
    public async Task Limit_PerAddress_CountsTheClientAndNotTheProxy()
    {
        await using var edge = await BehindProxyAsync(options => options.MaxConnectionsPerAddress = 1);
        await using var first = await RawClient.ConnectAsync(edge.Inbound);
        await first.SendAsync(V1);
        Assert.StartsWith("220 ", await first.ReplyAsync(), StringComparison.Ordinal);

        await using var same = await RawClient.ConnectAsync(edge.Inbound);
        await same.SendAsync(V1);
        Assert.Equal("421 4.7.0 Too many connections from your address\n", await same.ToEndAsync());
        Assert.Contains("192.0.2.7:40000", Assert.Single(_log.Of(EventIds.ConnectionRefused)), StringComparison.Ordinal);

        await using var other = await RawClient.ConnectAsync(edge.Inbound);
        await other.SendAsync(V2);
        Assert.StartsWith("220 ", await other.ReplyAsync(), StringComparison.Ordinal);

        Assert.StartsWith("221", await first.AskAsync("QUIT"), StringComparison.Ordinal);
        await first.ToEndAsync();
        await Eventually.TrueAsync(() => edge.Server.SessionCount == 1);
        await using var again = await RawClient.ConnectAsync(edge.Inbound);
        await again.SendAsync(V1);
        Assert.StartsWith("220 ", await again.ReplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_OfAll_HoldsForConnectionsWithoutAHeaderToo()
    {
        await using var edge = await BehindProxyAsync(options => options.MaxConnections = 1);
        await using var silent = await RawClient.ConnectAsync(edge.Inbound);
        await using var next = await RawClient.ConnectAsync(edge.Inbound);

        Assert.Equal("421 4.3.2 Too many connections, please try again later\n", await next.ToEndAsync());
    }

    [Fact]
    public async Task Stop_WhileAHeaderIsAwaited_DoesntWaitForIt()
    {
        await using var edge = await BehindProxyAsync();
        await using var proxy = await RawClient.ConnectAsync(edge.Inbound);
        await proxy.SendAsync(V1[..20]);

        await edge.Server.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await proxy.ToEndRawAsync());
        Assert.Empty(_log.Of(EventIds.ProxyHeaderRefused));
    }

    [Fact]
    public void Options_WhatIsNoNetwork_IsTold()
    {
        var options = new SmtpEdgeOptions { Listeners = { new SmtpListenerOptions { ProxyNetworks = { "10.0.0.0/8", "balancer" } } } };

        var fault = Assert.Single(options.Validate(new(options)));

        Assert.Equal("balancer is no network, such as 10.1.0.0/16", fault.ErrorMessage);
    }

    private Task<TestEdge> BehindProxyAsync(Action<SmtpEdgeOptions>? configure = null) => TestEdge.StartAsync(
        options =>
        {
            foreach (var listener in options.Listeners)
            {
                listener.ProxyNetworks.Add("127.0.0.0/8");
            }

            configure?.Invoke(options);
        },
        _time,
        _log);

    private static async Task SendMessageAsync(RawClient client)
    {
        await client.AskAsync("MAIL FROM:<a@s.example>");
        await client.AskAsync("RCPT TO:<b@r.example>");
        await client.AskAsync("DATA");
        Assert.StartsWith("250", await client.AskAsync("x\r\n."), StringComparison.Ordinal);
    }

    /// <summary>Counts what the metric of faults counts; other tests of this class don't run at the same time.</summary>
    private sealed class Faults : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public Faults()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "mailpace.smtp_edge.proxy.faults")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
