using MailPace.Contracts;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Resolution;
using MailPace.Smtp.Tests.Sinks;
using MailPace.Testing;

namespace MailPace.Smtp.Tests.Delivery;

/// <summary>Several hosts of a domain are several loopback addresses; they share the sink and its port, and differ by what the sink says.</summary>
public sealed class MxDeliveryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_ThatCantBeReached_LeavesAllToTheNext()
    {
        await using var sink = new ScriptedSink();
        await using var dns = new DnsResponder()
            .WithMx("example.net", 10, "dead.example.net").WithAddress("dead.example.net", "127.0.0.2")
            .WithMx("example.net", 20, "alive.example.net").WithAddress("alive.example.net", "127.0.0.1");
        using var deliverer = Deliverer(sink, dns);

        var result = await deliverer.DeliverAsync(Deliveries.Request(new Route.Mx("example.net")), Token);

        Assert.Equal((RecipientState.Delivered, "alive.example.net"), (result.Outcomes[0].State, result.RemoteHost));
    }

    [Fact]
    public async Task Recipient_Deferred_IsOfferedToTheNextHost_AndTheOthersArent()
    {
        var offers = 0;
        await using var sink = new ScriptedSink { Script = command => command == "RCPT TO:<later@example.net>" && Interlocked.Increment(ref offers) == 1 ? "450 4.2.0 later\r\n" : null };
        await using var dns = TwoHosts();
        using var deliverer = Deliverer(sink, dns);

        var result = await deliverer.DeliverAsync(Deliveries.Request(new Route.Mx("example.net"), "ok@example.net", "later@example.net"), Token);

        Assert.All(result.Outcomes, outcome => Assert.Equal(RecipientState.Delivered, outcome.State));
        Assert.Single(sink.Commands, "RCPT TO:<ok@example.net>");
        Assert.Equal(2, sink.Messages.Count);
    }

    [Fact]
    public async Task Refusal_IsFinal_NoOtherHostIsAsked()
    {
        await using var sink = new ScriptedSink { Script = command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no such user\r\n" : null };
        await using var dns = TwoHosts();
        using var deliverer = Deliverer(sink, dns);

        var result = await deliverer.DeliverAsync(Deliveries.Request(new Route.Mx("example.net")), Token);

        Assert.Equal((RecipientState.Bounced, 1), (result.Outcomes[0].State, sink.Connections));
    }

    [Fact]
    public async Task GreetingOf554_IsTheHostsAlone()
    {
        var greetings = 0;
        await using var sink = new ScriptedSink { Script = command => command == "greeting" && Interlocked.Increment(ref greetings) == 1 ? "554 no service here\r\n" : null };
        await using var dns = TwoHosts();
        using var deliverer = Deliverer(sink, dns);

        var result = await deliverer.DeliverAsync(Deliveries.Request(new Route.Mx("example.net")), Token);

        Assert.Equal((RecipientState.Delivered, 2), (result.Outcomes[0].State, sink.Connections));
    }

    [Fact]
    public async Task LostAfterTheDot_IsNotOfferedToAnotherHost()
    {
        await using var sink = new ScriptedSink { Script = command => command == "." ? ScriptedSink.HangUp : null };
        await using var dns = TwoHosts();
        using var deliverer = Deliverer(sink, dns);

        var result = await deliverer.DeliverAsync(Deliveries.Request(new Route.Mx("example.net")), Token);

        Assert.True(result.IsUncertain);
        Assert.Equal((1, 1), (sink.Connections, sink.Messages.Count));
    }

    [Fact]
    public async Task MissingDomain_Bounces_AndFailingDnsDefers()
    {
        await using var sink = new ScriptedSink();
        await using var dns = new DnsResponder().Failing("broken.example", 2);
        using var deliverer = Deliverer(sink, dns);

        var missing = await deliverer.DeliverAsync(Deliveries.Request(new Route.Mx("nowhere.example")), Token);
        var broken = await deliverer.DeliverAsync(Deliveries.Request(new Route.Mx("broken.example")), Token);

        Assert.Equal((RecipientState.Bounced, RecipientState.Deferred), (missing.Outcomes[0].State, broken.Outcomes[0].State));
        Assert.Equal(0, sink.Connections);
    }

    private static DnsResponder TwoHosts() => new DnsResponder()
        .WithMx("example.net", 10, "one.example.net").WithAddress("one.example.net", "127.0.0.1")
        .WithMx("example.net", 20, "two.example.net").WithAddress("two.example.net", "127.0.0.1");

    private static SmtpDeliverer Deliverer(ScriptedSink sink, DnsResponder dns)
        => Deliveries.Deliverer(options => options.MxPort = sink.Port, new ResolverOptions { Resolvers = [dns.EndPoint], AllowedNetworks = ["127.0.0.0/8"], Timeout = TimeSpan.FromSeconds(2) });
}
