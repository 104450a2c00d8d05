using System.Diagnostics;
using System.Text;
using MailPace.Mail.Headers;
using MailPace.Mail.Submission;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.Mail.Tests.Submission;

public sealed class SubmittedMessageTests
{
    private const string Minimal = "From: a@b.example\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@b.example>\r\n";
    private static readonly MessageStamps Stamps = new(new FakeTimeProvider(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero)), new Random(1));

    [Fact]
    public void TryPrepare_Complete_SameMemory()
    {
        ReadOnlyMemory<byte> raw = Encoding.UTF8.GetBytes(Minimal + "Subject: =?utf-8?q?H=C3=A9?= x\r\nTo: X <t@x.example>, u@x.example\r\nCc: c@x.example\r\n\r\nbody\r\n");
        Assert.True(SubmittedMessage.TryPrepare(raw, BodyKnowledge.Unchecked, Stamps, out var prepared, out _));
        Assert.True(prepared.Message.Equals(raw));
        Assert.Equal("a@b.example", prepared.HeaderFrom.Address);
        Assert.Equal("<1@b.example>", prepared.MessageId);
        Assert.Equal("Hé x", prepared.Subject);
        Assert.Equal(["t@x.example", "u@x.example"], prepared.To.Select(address => address.Address));
        Assert.Equal(["c@x.example"], prepared.Cc.Select(address => address.Address));
        Assert.False(prepared.EightBitMime);
        Assert.False(prepared.SmtpUtf8);
    }

    [Fact]
    public void TryPrepare_WithoutMessageIdAndDate_PutInFront()
    {
        var prepared = Prepare("From: N <a@b.example>\r\n\r\nbody");
        Assert.Equal($"Message-ID: {prepared.MessageId}\r\nDate: Tue, 03 Feb 2026 04:05:06 +0000\r\nFrom: N <a@b.example>\r\n\r\nbody", Text(prepared));
        Assert.Matches("^<[0-9a-f]{32}@b\\.example>$", prepared.MessageId);
    }

    [Fact]
    public void TryPrepare_OurFields_TakenOutAndUnderstood()
    {
        var prepared = Prepare(Minimal
            + "X-MailPace-Tags: one, two\r\nBcc: s@x.example,\r\n t@x.example\r\nX-Other: stays\r\nx-ohmysmtp-tags: =?utf-8?q?dr=C3=A9?=\r\n"
            + "X-List-Unsubscribe: <https://x.example/u>,\r\n <mailto:u@x.example>\r\nX-MailPace-Idempotency-Key: k-1\r\nX-MailPace-Future: x\r\n\r\nbody\r\n");
        Assert.Equal(Minimal + "X-Other: stays\r\nList-Unsubscribe: <https://x.example/u>,\r\n <mailto:u@x.example>\r\n\r\nbody\r\n", Text(prepared));
        Assert.Equal(["one", "two", "dré"], prepared.Tags);
        Assert.Equal("k-1", prepared.IdempotencyKey);
    }

    [Fact]
    public void TryPrepare_BothUnsubscribeFields_TheStandardOneStays()
        => Assert.Equal(
            Minimal + "List-Unsubscribe: <https://x.example/1>\r\n\r\n",
            Text(Prepare(Minimal + "X-List-Unsubscribe: <https://x.example/2>\r\nList-Unsubscribe: <https://x.example/1>\r\n\r\n")));

    [Theory]
    [InlineData("To: a@b.example\r\n\r\n", MessageFault.FromMissing)]
    [InlineData("", MessageFault.FromMissing)]
    [InlineData("From: a@b.example\r\nfrom: c@d.example\r\n\r\n", MessageFault.FromRepeated)]
    [InlineData("From: a@b.example, c@d.example\r\n\r\n", MessageFault.FromNotParseable)]
    [InlineData("From: \r\n\r\n", MessageFault.FromNotParseable)]
    [InlineData("From: x@y.example <a@b.example>\r\n\r\n", MessageFault.FromNotParseable)]
    [InlineData("From: a@b.example\r\nSender: c@d.example\r\n\r\n", MessageFault.SenderDomainMismatch)]
    [InlineData("From: a@b.example\r\nSubject: 1\r\nSubject: 2\r\n\r\n", MessageFault.FieldRepeated)]
    [InlineData("From: a@b.example\r\nContent-Type: text/plain\r\ncontent-type: text/html\r\n\r\n", MessageFault.FieldRepeated)]
    [InlineData("From : a@b.example\r\n\r\n", MessageFault.HeaderMalformed)]
    [InlineData("From: a@b.example\r\n\r\na\nb\r\n", MessageFault.BareLineBreak)]
    [InlineData("From: a@b.example\r\n\r\na\rb\r\n", MessageFault.BareLineBreak)]
    [InlineData("From: a@b.example\r\n\r\na\r", MessageFault.BareLineBreak)]
    [InlineData("From: a@b.example\r\n\r\na\0b\r\n", MessageFault.Nul)]
    public void TryPrepare_Faulty_Refused(string text, MessageFault expected)
    {
        Assert.False(SubmittedMessage.TryPrepare(Encoding.UTF8.GetBytes(text), BodyKnowledge.Unchecked, Stamps, out _, out var fault));
        Assert.Equal(expected, fault);
        Assert.InRange(RefusalReplies.For(Refusal.Of(fault)).Code, 550, 554);
    }

    [Fact]
    public void TryPrepare_FieldsThatAreAddedMakeTheHeaderTooLong_Refused()
    {
        // Message-ID and Date come on top: accepted, it could never be signed.
        var text = "From: a@b.example\r\n" + string.Concat(Enumerable.Repeat("X-A: b\r\n", HeaderReader.MaxFields - 2)) + "\r\n";
        Assert.False(SubmittedMessage.TryPrepare(Encoding.UTF8.GetBytes(text), BodyKnowledge.Unchecked, Stamps, out var prepared, out var fault));
        Assert.Equal((null, MessageFault.HeaderTooLong), (prepared, fault));
    }

    [Fact]
    public void TryPrepare_NotUtf8_Refused()
    {
        byte[] raw = [.. Encoding.ASCII.GetBytes(Minimal), .. "Subject: "u8, 0xE9, .. "\r\n\r\n"u8];
        Assert.False(SubmittedMessage.TryPrepare(raw, BodyKnowledge.Unchecked, Stamps, out _, out var fault));
        Assert.Equal(MessageFault.HeaderNotUtf8, fault);
    }

    [Fact]
    public void TryPrepare_EightBit_HeaderAndBodyToldApart()
    {
        var body = Prepare(Minimal + "\r\nö\r\n");
        Assert.True(body.EightBitMime);
        Assert.False(body.SmtpUtf8);
        var header = Prepare(Minimal + "Subject: ö\r\n\r\no\r\n");
        Assert.False(header.EightBitMime);
        Assert.True(header.SmtpUtf8);
        Assert.Equal("ö", header.Subject);
    }

    [Fact]
    public void TryPrepare_BodyCheckedByTheEdge_TakenAtItsWord()
    {
        Assert.True(SubmittedMessage.TryPrepare(Encoding.UTF8.GetBytes(Minimal + "\r\nx"), BodyKnowledge.CheckedEightBit, Stamps, out var prepared, out _));
        Assert.True(prepared.EightBitMime);
    }

    [Fact]
    public void TryPrepare_Floods_BoundedTime()
    {
        var clock = Stopwatch.StartNew();
        var words = Minimal + "Subject: x" + string.Concat(Enumerable.Repeat("\r\n =?utf-8?q?=41?= =?utf-8?b?QQ==?=", 6000)) + "\r\n";
        var addresses = Minimal + "To: x@y.example" + string.Concat(Enumerable.Repeat(",\r\n a@b.example", 12000)) + "\r\n";
        var fields = Minimal + string.Concat(Enumerable.Repeat("To: a@b.example\r\n", 900));
        foreach (var text in (string[])[words, addresses, fields])
        {
            SubmittedMessage.TryPrepare(Encoding.UTF8.GetBytes(text + "\r\n"), BodyKnowledge.Unchecked, Stamps, out _, out var fault);
            Assert.Equal(MessageFault.None, fault);
        }

        // Quadratic work on this much would take many minutes; a busy machine only seconds.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private static PreparedMessage Prepare(string text)
    {
        Assert.True(SubmittedMessage.TryPrepare(Encoding.UTF8.GetBytes(text), BodyKnowledge.Unchecked, Stamps, out var prepared, out var fault), fault.ToString());
        return prepared;
    }

    private static string Text(PreparedMessage prepared) => Encoding.UTF8.GetString(prepared.Message.Span);
}
