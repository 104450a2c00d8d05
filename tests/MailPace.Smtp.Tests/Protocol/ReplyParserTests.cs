using System.Buffers;
using System.Text;
using MailPace.Contracts;
using MailPace.Smtp.Protocol;

namespace MailPace.Smtp.Tests.Protocol;

public sealed class ReplyParserTests
{
    [Theory]
    [InlineData("250 ok\r\n", 250, null, "ok")]
    [InlineData("250\r\n", 250, null, "")]
    [InlineData("550 5.1.1 no such user\r\n", 550, "5.1.1", "no such user")]
    [InlineData("550-5.1.1 no such\r\n550 5.1.1 user\r\n", 550, "5.1.1", "no such user")]
    [InlineData("550 4.2.1 classes contradict\r\n", 550, null, "4.2.1 classes contradict")]
    [InlineData("250 bare LF is put up with\n", 250, null, "bare LF is put up with")]
    [InlineData("550 \u001b[31;1mred\u001b[0m \0and\u0007 t\tab \u00e9\r\n", 550, null, "red and t ab ")]
    [InlineData("550 <script>alert(1)</script>\r\n", 550, null, "<script>alert(1)</script>")]
    public void Reply_SplitAtEachByte_ReadsTheSame(string bytes, int code, string? enhanced, string text)
    {
        var input = Encoding.Latin1.GetBytes(bytes);
        for (var split = 0; split <= input.Length; split++)
        {
            var parser = new ReplyParser();
            var first = new ReadOnlySequence<byte>(input, 0, split);
            var isWhole = parser.TryRead(ref first, out var reply);
            if (!isWhole)
            {
                var rest = new ReadOnlySequence<byte>([.. first.ToArray(), .. input[split..]]);
                Assert.True(parser.TryRead(ref rest, out reply));
                Assert.True(rest.IsEmpty);
            }

            Assert.Equal(new RemoteReply(code, enhanced, text), reply);
        }
    }

    [Theory]
    [InlineData("hello\r\n")]
    [InlineData("25\r\n")]
    [InlineData("100 x\r\n")]
    [InlineData("600 x\r\n")]
    [InlineData("250x\r\n")]
    [InlineData("250-a\r\n251 b\r\n")]
    [InlineData("\r\n")]
    public void Reply_AgainstTheGrammar_IsRefused(string bytes) => Assert.Throws<ReplyFormatException>(() => Read(bytes));

    [Fact]
    public void Reply_OfAnEndlessLine_IsRefusedBeforeItsEnd() => Assert.Throws<ReplyFormatException>(() => Read("250 " + new string('x', ReplyParser.MaxLineLength)));

    [Fact]
    public void Reply_OfTooManyLines_IsRefused()
    {
        var lines = string.Concat(Enumerable.Repeat("250-x\r\n", ReplyParser.MaxLines));
        Assert.Throws<ReplyFormatException>(() => Read(lines + "250 x\r\n"));
    }

    [Fact]
    public void Reply_OfMuchText_KeepsAThousandCharacters()
    {
        var reply = Read(string.Concat(Enumerable.Repeat("550-" + new string('x', 300) + "\r\n", 20)) + "550 end\r\n");
        Assert.Equal(1000, reply!.Text.Length);
    }

    [Fact]
    public void Replies_InOneBuffer_ComeOneByOne()
    {
        var parser = new ReplyParser();
        var buffer = new ReadOnlySequence<byte>("250 a\r\n550 5.1.1 b\r\n35"u8.ToArray());
        Assert.True(parser.TryRead(ref buffer, out var first));
        Assert.True(parser.TryRead(ref buffer, out var second));
        Assert.False(parser.TryRead(ref buffer, out _));
        Assert.Equal((250, 550), (first!.Code, second!.Code));
        Assert.Equal(2, buffer.Length);
    }

    private static RemoteReply? Read(string bytes)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(bytes));
        new ReplyParser().TryRead(ref buffer, out var reply);
        return reply;
    }
}
