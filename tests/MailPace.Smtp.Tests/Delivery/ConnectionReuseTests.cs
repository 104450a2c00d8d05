using MailPace.Contracts;
using MailPace.Smtp.Tests.Sinks;

namespace MailPace.Smtp.Tests.Delivery;

public sealed class ConnectionReuseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_OneAfterAnother_ShareAConnection_WithoutReset()
    {
        await using var sink = new ScriptedSink();
        using var deliverer = Deliveries.Deliverer();

        for (var i = 0; i < 5; i++)
        {
            await deliverer.DeliverAsync(Deliveries.To(sink), Token);
        }

        Assert.Equal((1, 5), (sink.Connections, sink.Messages.Count));
        Assert.DoesNotContain("RSET", sink.Commands);
    }

    [Fact]
    public async Task Messages_AtOnce_StayBelowTheLimit()
    {
        await using var sink = new ScriptedSink();
        using var deliverer = Deliveries.Deliverer(options => options.MaxConnectionsPerDestination = 3);

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => deliverer.DeliverAsync(Deliveries.To(sink), Token)));

        Assert.All(results, result => Assert.Equal(RecipientState.Delivered, result.Outcomes[0].State));
        Assert.InRange(sink.MostOpen, 1, 3);
    }

    [Fact]
    public async Task Connection_ThatTookItsShare_IsReplaced()
    {
        await using var sink = new ScriptedSink();
        using var deliverer = Deliveries.Deliverer(options => options.MaxMessagesPerConnection = 2);

        for (var i = 0; i < 5; i++)
        {
            await deliverer.DeliverAsync(Deliveries.To(sink), Token);
        }

        Assert.Equal(3, sink.Connections);
    }

    /// <summary>The remote had hung up between two messages: that's no failure of the second.</summary>
    [Theory]
    [InlineData(ScriptedSink.HangUp)]
    [InlineData("421 4.4.2 idle for too long\r\n")]
    public async Task KeptConnection_ThatBreaksAtMail_CountsForNothing(string reply)
    {
        var mails = 0;
        await using var sink = new ScriptedSink { Script = command => command.StartsWith("MAIL", StringComparison.Ordinal) && Interlocked.Increment(ref mails) == 2 ? reply : null };
        using var deliverer = Deliveries.Deliverer();

        await deliverer.DeliverAsync(Deliveries.To(sink), Token);
        var second = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal((RecipientState.Delivered, 2, 2), (second.Outcomes[0].State, sink.Connections, sink.Messages.Count));
    }

    [Fact]
    public async Task KeptConnection_ThatBreaksAfterMail_IsAFailure()
    {
        var mails = 0;
        await using var sink = new ScriptedSink
        {
            Extensions = [],
            Script = command =>
            {
                mails += command.StartsWith("MAIL", StringComparison.Ordinal) ? 1 : 0;
                return mails == 2 && command.StartsWith("RCPT", StringComparison.Ordinal) ? ScriptedSink.HangUp : null;
            },
        };
        using var deliverer = Deliveries.Deliverer();

        await deliverer.DeliverAsync(Deliveries.To(sink), Token);
        var second = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal((RecipientState.Deferred, 1), (second.Outcomes[0].State, sink.Connections));
    }

    [Fact]
    public async Task IdleConnection_IsClosedWithQuit()
    {
        var quit = new TaskCompletionSource();
        await using var sink = new ScriptedSink();
        sink.Script = command =>
        {
            if (command == "QUIT")
            {
                quit.TrySetResult();
            }

            return null;
        };
        using var deliverer = Deliveries.Deliverer(options => options.IdleTimeout = TimeSpan.FromMilliseconds(200));

        await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        await quit.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task NobodyListening_IsDeferred()
    {
        int port;
        await using (var sink = new ScriptedSink())
        {
            port = sink.Port;
        }

        using var deliverer = Deliveries.Deliverer();
        var result = await deliverer.DeliverAsync(Deliveries.Request(new Smtp.Delivery.Route.Fixed("127.0.0.1", port)), Token);

        Assert.Equal((RecipientState.Deferred, 0, "4.4.1"), (result.Outcomes[0].State, result.Outcomes[0].Reply.Code, result.Outcomes[0].Reply.Enhanced));
    }
}
