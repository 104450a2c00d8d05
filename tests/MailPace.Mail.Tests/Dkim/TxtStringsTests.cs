using MailPace.Mail.Dkim;

namespace MailPace.Mail.Tests.Dkim;

public sealed class TxtStringsTests
{
    [Theory]
    [InlineData(0, new[] { 0 })]
    [InlineData(1, new[] { 1 })]
    [InlineData(255, new[] { 255 })]
    [InlineData(256, new[] { 255, 1 })]
    [InlineData(511, new[] { 255, 255, 1 })]
    public void Quote_Text_IsStringsOf255OctetsAtMost(int length, int[] strings)
        => Assert.Equal(string.Join(' ', strings.Select(octets => $"\"{new string('x', octets)}\"")), TxtStrings.Quote(new string('x', length)));

    [Fact]
    public void Quote_QuoteAndBackslash_AreEscapedAndCountAsOneOctet()
        => Assert.Equal($"\"{string.Concat(Enumerable.Repeat("\\\"", 255))}\" \"\\\\\"", TxtStrings.Quote(new string('"', 255) + "\\"));

    [Fact]
    public void Quote_RsaKey_JoinsToTheRecord()
    {
        var record = DkimKeyPair.GenerateRsa().TxtRecord();

        var strings = TxtStrings.Quote(record).Split("\" \"");

        Assert.Equal(2, strings.Length);
        Assert.Equal(record, string.Concat(strings).Trim('"'));
    }
}
