using System.Text;
using MailPace.Contracts;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Tests.Sinks;

namespace MailPace.Smtp.Tests.Delivery;

public sealed class TransactionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Message_WithAndWithoutPipelining_ArrivesByteForByte(bool pipelining, bool chopped)
    {
        await using var sink = new ScriptedSink { Extensions = pipelining ? ["PIPELINING", "SIZE"] : [], ChopsReplies = chopped };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink, "a@example.net", "b@example.net"), Token);

        Assert.All(result.Outcomes, outcome => Assert.Equal((RecipientState.Delivered, 250, "2.0.0", "taken"), (outcome.State, outcome.Reply.Code, outcome.Reply.Enhanced, outcome.Reply.Text)));
        Assert.Equal(Deliveries.Body, Encoding.ASCII.GetString(Assert.Single(sink.Messages)));
        Assert.Equal($"127.0.0.1:{sink.Port}", result.RemoteAddress);
        Assert.Null(result.Tls);
        string[] expected = ["EHLO client.example", pipelining ? $"MAIL FROM:<bounces@example.com> SIZE={Deliveries.Body.Length}" : "MAIL FROM:<bounces@example.com>", "RCPT TO:<a@example.net>", "RCPT TO:<b@example.net>", "DATA", "."];
        Assert.Equal(expected, sink.Commands);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Remote_ThatOffersDsn_IsToldWhomReportsAreAbout(bool pipelining)
    {
        await using var sink = new ScriptedSink { Extensions = pipelining ? ["PIPELINING", "DSN"] : ["DSN"] };
        using var deliverer = Deliveries.Deliverer();

        await deliverer.DeliverAsync(Deliveries.To(sink, "a+b=c@example.net"), Token);

        Assert.Equal(
            ["EHLO client.example", "MAIL FROM:<bounces@example.com> RET=HDRS", "RCPT TO:<a+b=c@example.net> ORCPT=rfc822;a+2Bb+3Dc@example.net", "DATA", "."],
            sink.Commands);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recipients_RefusedInPart_AreDecidedOneByOne(bool pipelining)
    {
        await using var sink = new ScriptedSink
        {
            Extensions = pipelining ? ["PIPELINING"] : [],
            Script = command => command switch
            {
                "RCPT TO:<gone@example.net>" => "550 5.1.1 no such user\r\n",
                "RCPT TO:<full@example.net>" => "452 4.2.2 mailbox full\r\n",
                "RCPT TO:<many@example.net>" => "552 too many recipients\r\n",
                _ => null,
            },
        };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink, "gone@example.net", "ok@example.net", "full@example.net", "many@example.net"), Token);

        Assert.Equal([RecipientState.Bounced, RecipientState.Delivered, RecipientState.Deferred, RecipientState.Deferred], result.Outcomes.Select(outcome => outcome.State));
        Assert.Equal(["no such user", "taken", "mailbox full", "too many recipients"], result.Outcomes.Select(outcome => outcome.Reply.Text));
        Assert.Single(sink.Messages);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recipients_AllRefused_GetNoMessage_AndTheConnectionGoesOn(bool pipelining)
    {
        await using var sink = new ScriptedSink
        {
            Extensions = pipelining ? ["PIPELINING"] : [],
            Script = command => command == "RCPT TO:<gone@example.net>" ? "550 5.1.1 no such user\r\n" : null,
        };
        using var deliverer = Deliveries.Deliverer();

        var refused = await deliverer.DeliverAsync(Deliveries.To(sink, "gone@example.net"), Token);
        var taken = await deliverer.DeliverAsync(Deliveries.To(sink, "ok@example.net"), Token);

        Assert.Equal((RecipientState.Bounced, RecipientState.Delivered), (refused.Outcomes[0].State, taken.Outcomes[0].State));
        Assert.Equal(1, sink.Connections);
        Assert.Contains("RSET", sink.Commands);
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task Remote_ThatWantsDataForNobody_GetsAnEmptyMessage()
    {
        await using var sink = new ScriptedSink
        {
            Script = command => command switch
            {
                "RCPT TO:<gone@example.net>" => "550 5.1.1 no such user\r\n",
                "DATA" => "354 go ahead all the same\r\n",
                "." => "554 5.5.1 no valid recipients\r\n",
                _ => null,
            },
        };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink, "gone@example.net"), Token);

        Assert.Equal((RecipientState.Bounced, "no such user"), (result.Outcomes[0].State, result.Outcomes[0].Reply.Text));
        Assert.Empty(Assert.Single(sink.Messages));
    }

    [Theory]
    [InlineData("greeting", "554 5.7.1 go away\r\n", RecipientState.Deferred, 554)]
    [InlineData("greeting", "421 busy\r\n", RecipientState.Deferred, 421)]
    [InlineData("EHLO", "421 busy\r\n", RecipientState.Deferred, 421)]
    [InlineData("MAIL", "450 4.7.1 later\r\n", RecipientState.Deferred, 450)]
    [InlineData("MAIL", "550 5.7.1 never\r\n", RecipientState.Bounced, 550)]
    [InlineData("MAIL", "421 busy\r\n", RecipientState.Deferred, 421)]
    [InlineData("RCPT", "421 busy\r\n", RecipientState.Deferred, 421)]
    [InlineData("DATA", "451 4.3.0 later\r\n", RecipientState.Deferred, 451)]
    [InlineData("DATA", "554 5.7.1 never\r\n", RecipientState.Bounced, 554)]
    [InlineData("DATA", "421 busy\r\n", RecipientState.Deferred, 421)]
    [InlineData("DATA", "250 what for\r\n", RecipientState.Deferred, 0)]
    [InlineData(".", "451 4.3.0 later\r\n", RecipientState.Deferred, 451)]
    [InlineData(".", "552 5.3.4 too big\r\n", RecipientState.Bounced, 552)]
    [InlineData(".", "421 busy\r\n", RecipientState.Deferred, 421)]
    [InlineData("greeting", ScriptedSink.HangUp, RecipientState.Deferred, 0)]
    [InlineData("EHLO", ScriptedSink.HangUp, RecipientState.Deferred, 0)]
    [InlineData("MAIL", ScriptedSink.HangUp, RecipientState.Deferred, 0)]
    [InlineData("RCPT", ScriptedSink.HangUp, RecipientState.Deferred, 0)]
    [InlineData("DATA", ScriptedSink.HangUp, RecipientState.Deferred, 0)]
    [InlineData("MAIL", ScriptedSink.Silence, RecipientState.Deferred, 0)]
    [InlineData("greeting", ScriptedSink.Silence, RecipientState.Deferred, 0)]
    [InlineData("MAIL", "250-x\r\n550 mixed\r\n", RecipientState.Deferred, 0)]
    [InlineData("MAIL", "garbage\r\n", RecipientState.Deferred, 0)]
    public async Task Failure_AtEachStep_IsDecidedByItsKind(string step, string reply, RecipientState state, int code)
    {
        await using var sink = new ScriptedSink { Script = command => command.StartsWith(step, StringComparison.Ordinal) ? reply : null };
        using var deliverer = Deliveries.Deliverer(options =>
        {
            options.Timeouts.Greeting = TimeSpan.FromMilliseconds(300);
            options.Timeouts.Mail = TimeSpan.FromMilliseconds(300);
        });

        var result = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal((state, code), (result.Outcomes[0].State, result.Outcomes[0].Reply.Code));
        Assert.False(result.IsUncertain);
    }

    /// <summary>A reply too many, whenever it comes, never makes a message delivered that wasn't taken.</summary>
    [Theory]
    [InlineData("greeting", "220 sink ESMTP\r\n250 ok\r\n")]
    [InlineData("greeting", "220 sink ESMTP\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n")]
    [InlineData("MAIL", "250 ok\r\n250 ok\r\n")]
    [InlineData("RCPT", "250 ok\r\n250 ok\r\n")]
    public async Task Reply_BeforeItsCommand_IsNoDelivery(string step, string reply)
    {
        await using var sink = new ScriptedSink { Script = command => command.StartsWith(step, StringComparison.Ordinal) ? reply : null };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal(RecipientState.Deferred, result.Outcomes[0].State);
        Assert.Empty(sink.Messages);
    }

    [Fact]
    public async Task Ehlo_Unknown_FallsBackToHelo()
    {
        await using var sink = new ScriptedSink { Script = command => command.StartsWith("EHLO", StringComparison.Ordinal) ? "502 5.5.2 what\r\n" : null };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.Equal(RecipientState.Delivered, result.Outcomes[0].State);
        Assert.Contains("HELO client.example", sink.Commands);
        Assert.Contains("MAIL FROM:<bounces@example.com>", sink.Commands);
    }

    [Theory]
    [InlineData(ScriptedSink.HangUp)]
    [InlineData(ScriptedSink.Silence)]
    [InlineData("garbage\r\n")]
    public async Task FinalReply_Dropped_IsUncertainAndDeferred(string reply)
    {
        await using var sink = new ScriptedSink { Script = command => command == "." ? reply : null };
        using var deliverer = Deliveries.Deliverer(options => options.Timeouts.EndOfData = TimeSpan.FromMilliseconds(300));

        var result = await deliverer.DeliverAsync(Deliveries.To(sink), Token);

        Assert.True(result.IsUncertain);
        Assert.Equal((RecipientState.Deferred, "connection lost after end of data"), (result.Outcomes[0].State, result.Outcomes[0].Reply.Text));
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task Attempt_OutOfTime_EndsAtItsLimit()
    {
        await using var sink = new ScriptedSink { Script = command => command == "DATA" ? ScriptedSink.Silence : null };
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink) with { TimeLimit = TimeSpan.FromMilliseconds(400) }, Token);

        Assert.Equal((RecipientState.Deferred, "timed out in reply to DATA"), (result.Outcomes[0].State, result.Outcomes[0].Reply.Text));
        Assert.InRange(result.Duration, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("a\rb\r\n")]
    [InlineData("a\nb\r\n")]
    [InlineData("a\0b\r\n")]
    [InlineData("a\r\n.\n")]
    [InlineData("a\r")]
    public async Task Body_WithBareLineEndOrNul_NeverLeaves(string body)
    {
        await using var sink = new ScriptedSink();
        using var deliverer = Deliveries.Deliverer();
        var bytes = Encoding.Latin1.GetBytes(body);

        var inMemory = await deliverer.DeliverAsync(Deliveries.To(sink).WithBody(bytes), Token);
        var streamed = await deliverer.DeliverAsync(Deliveries.To(sink) with { Content = new MessageContent(["x: y\r\n\r\n"u8.ToArray()], _ => Task.FromResult<Stream>(new MemoryStream(bytes))) }, Token);

        Assert.All((DeliveryResult[])[inMemory, streamed], result => Assert.Equal((RecipientState.Bounced, "5.6.0"), (result.Outcomes[0].State, result.Outcomes[0].Reply.Enhanced)));
        Assert.Empty(sink.Messages);
    }

    [Fact]
    public async Task LargeBody_FromAStream_ArrivesByteForByte()
    {
        await using var sink = new ScriptedSink();
        using var deliverer = Deliveries.Deliverer();
        var tail = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40_000).Select(i => $".line {i}\r\n..\r\n")));

        var result = await deliverer.DeliverAsync(Deliveries.To(sink) with { Content = new MessageContent(["Subject: x\r\n"u8.ToArray(), "\r\n"u8.ToArray()], _ => Task.FromResult<Stream>(new MemoryStream(tail))) }, Token);

        Assert.Equal(RecipientState.Delivered, result.Outcomes[0].State);
        Assert.Equal([.. "Subject: x\r\n\r\n"u8, .. tail], Assert.Single(sink.Messages));
    }

    [Fact]
    public async Task Stream_ThatFails_BreaksOffBeforeTheDot()
    {
        await using var sink = new ScriptedSink();
        using var deliverer = Deliveries.Deliverer();
        var request = Deliveries.To(sink) with { Content = new MessageContent(["x: y\r\n\r\n"u8.ToArray()], _ => throw new TimeoutException("the blob store is away")) };

        await Assert.ThrowsAsync<TimeoutException>(() => deliverer.DeliverAsync(request, Token));

        Assert.Empty(sink.Messages);
        Assert.Equal(RecipientState.Delivered, (await deliverer.DeliverAsync(Deliveries.To(sink), Token)).Outcomes[0].State);
    }

    [Fact]
    public async Task Extensions_NotOffered_BounceWhatNeedsThem()
    {
        await using var sink = new ScriptedSink { Extensions = ["PIPELINING", "SIZE 100"] };
        using var deliverer = Deliveries.Deliverer();

        var eightBit = await deliverer.DeliverAsync(Deliveries.To(sink) with { EightBitMime = true }, Token);
        var utf8 = await deliverer.DeliverAsync(Deliveries.To(sink) with { SmtpUtf8 = true }, Token);
        var utf8Address = await deliverer.DeliverAsync(Deliveries.To(sink, "jürgen@example.net"), Token);
        var large = await deliverer.DeliverAsync(Deliveries.To(sink) with { Size = 101 }, Token);

        Assert.Equal(["5.6.3", "5.6.7", "5.6.7", "5.3.4"], new[] { eightBit, utf8, utf8Address, large }.Select(result => result.Outcomes[0].Reply.Enhanced));
        Assert.All(new[] { eightBit, utf8, utf8Address, large }, result => Assert.Equal(RecipientState.Bounced, result.Outcomes[0].State));
        Assert.DoesNotContain(sink.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Extensions_Offered_AreUsed()
    {
        await using var sink = new ScriptedSink();
        using var deliverer = Deliveries.Deliverer();

        await deliverer.DeliverAsync(Deliveries.To(sink, "jürgen@example.net") with { EightBitMime = true }, Token);

        Assert.Contains($"MAIL FROM:<bounces@example.com> SIZE={Deliveries.Body.Length} BODY=8BITMIME SMTPUTF8", sink.Commands);
        Assert.Contains("RCPT TO:<jürgen@example.net>", sink.Commands);
    }

    [Theory]
    [InlineData("a@example.net> NOTIFY=NEVER")]
    [InlineData("a@example.net\r\nDATA")]
    [InlineData("no-mailbox")]
    public async Task Recipient_ThatWouldBreakTheCommand_Bounces_AndTheOthersGetIt(string address)
    {
        await using var sink = new ScriptedSink();
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.To(sink, address, "ok@example.net"), Token);

        Assert.Equal([RecipientState.Bounced, RecipientState.Delivered], result.Outcomes.Select(outcome => outcome.State));
        Assert.Single(sink.Commands, command => command.StartsWith("RCPT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NullReversePath_IsSentAsSuch()
    {
        await using var sink = new ScriptedSink { Extensions = [] };
        using var deliverer = Deliveries.Deliverer();

        await deliverer.DeliverAsync(Deliveries.To(sink) with { ReversePath = "" }, Token);

        Assert.Contains("MAIL FROM:<>", sink.Commands);
    }
}
