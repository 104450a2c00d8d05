using FsCheck.Xunit;
using MailPace.Mail.Addresses;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Tests.Replies;

public sealed class ReplyTests
{
    [Fact]
    public void ToString_WithEnhancedCode_OneLine()
        => Assert.Equal("550 5.7.1 No", new Reply(550, "5.7.1", "No").ToString());

    [Theory]
    [InlineData(550, "4.7.1")]
    [InlineData(250, "5.0.0")]
    [InlineData(354, "2.0.0")]
    public void Reply_ClassesDisagree_Throws(int code, string enhanced)
        => Assert.Throws<ArgumentException>(() => new Reply(code, enhanced, "x"));

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u2028b")]
    public void Reply_TextBreaksTheLine_Throws(string text)
        => Assert.Throws<ArgumentException>(() => new Reply(250, enhanced: (EnhancedStatusCode?)null, text));

    [Theory]
    [InlineData("250 ok", 250, null, "ok")]
    [InlineData("250", 250, null, "")]
    [InlineData("550 5.1.1 No such user", 550, "5.1.1", "No such user")]
    [InlineData("550-5.1.1 No such\r\n550 5.1.1 user", 550, "5.1.1", "No such user")]
    [InlineData("550 4.1.1 contradicts", 550, null, "4.1.1 contradicts")]
    [InlineData("550 a\u001b[31mb", 550, null, "a [31mb")]
    public void TryParse_Reply_Parts(string text, int code, string? enhanced, string words)
    {
        Assert.True(Reply.TryParse(text, out var reply));
        Assert.Equal(code, reply.Code);
        Assert.Equal(enhanced, reply.Enhanced?.ToString());
        Assert.Equal(words, reply.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("25 ok")]
    [InlineData("199 x")]
    [InlineData("600 x")]
    [InlineData("250x")]
    [InlineData("250-a\r\n550 b")]
    public void TryParse_NoReply_Refused(string text) => Assert.False(Reply.TryParse(text, out _));

    [Property(MaxTest = 1000)]
    public bool TryParse_AnyText_CleanAndBounded(string? text)
        => !Reply.TryParse($"550 {text}", out var reply) || (DisplayText.IsClean(reply.Text) && reply.Text.Length <= Reply.MaxText);

    [Property(MaxTest = 1000)]
    public bool EnhancedStatusCode_Any_RoundTrips(ushort subject, ushort detail)
    {
        var code = new EnhancedStatusCode(5, subject % 1000, detail % 1000);
        return EnhancedStatusCode.TryParse(code.ToString(), out var again) && again == code;
    }
}
