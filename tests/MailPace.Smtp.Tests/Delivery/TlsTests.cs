using MailPace.Contracts;
using MailPace.Smtp.Tests.Sinks;

namespace MailPace.Smtp.Tests.Delivery;

public sealed class TlsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartTls_WithABadCertificate_ProtectsAllTheSame()
    {
        await using var sink = new ScriptedSink { Certificate = TestCertificate.Bad() };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal(RecipientState.Delivered, result.Outcomes[0].State);
        Assert.Matches(@"^TLSv1\.[23] TLS_\S+ \(untrusted certificate\)$", result.Tls);
        Assert.Equal(["EHLO client.example", "STARTTLS", "EHLO client.example"], sink.Commands.Take(3));
        Assert.Equal(1, sink.Connections);
    }

    [Fact]
    public async Task Handshake_ThatFails_GoesOnInClearOverANewConnection_AndIsRemembered()
    {
        await using var sink = new ScriptedSink { TlsGarbage = "this is no TLS\r\n"u8.ToArray() };
        using var deliverer = Deliveries.Deliverer(options => options.MaxMessagesPerConnection = 1);

        var first = await deliverer.DeliverAsync(Deliveries.To(sink), Token);
        var second = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal((RecipientState.Delivered, null), (first.Outcomes[0].State, first.Tls));
        Assert.Equal((RecipientState.Delivered, null), (second.Outcomes[0].State, second.Tls));
        Assert.Equal(3, sink.Connections);
    }

    [Fact]
    public async Task StartTls_Refused_GoesOnInClear()
    {
        await using var sink = new ScriptedSink { Certificate = TestCertificate.Bad(), Script = command => command == "STARTTLS" ? "454 4.7.0 not now\r\n" : null };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal((RecipientState.Delivered, null), (result.Outcomes[0].State, result.Tls));
        Assert.Equal(1, sink.Connections);
    }

    /// <summary>CVE-2011-0411, seen from the client: what comes in clear behind the reply isn't the server's word.</summary>
    [Fact]
    public async Task Replies_InjectedBeforeTls_AreDropped()
    {
        await using var sink = new ScriptedSink { Certificate = TestCertificate.Bad(), Script = command => command == "STARTTLS" ? "220 go ahead\r\n250-injected\r\n250 SIZE 1\r\n" : null };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal((RecipientState.Delivered, "taken"), (result.Outcomes[0].State, result.Outcomes[0].Reply.Text));
    }
}
