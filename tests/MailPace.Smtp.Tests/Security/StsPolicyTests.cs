using MailPace.Smtp.Security;

namespace MailPace.Smtp.Tests.Security;

public sealed class StsPolicyTests
{
    [Theory]
    [InlineData("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n", StsMode.Enforce, 604_800)]
    [InlineData("version:STSv1\nmode:testing\nmx:a.example\nmax_age:60\nunknown: field\nmode: enforce", StsMode.Testing, 60)]
    [InlineData("version: STSv1\nmode: none\nmax_age: 99999999", StsMode.None, 31_557_600)]
    public void Text_ThatIsOne_IsRead(string text, StsMode mode, int seconds)
    {
        var policy = StsPolicy.Parse(text)!;
        Assert.Equal((mode, seconds), (policy.Mode, (int)policy.MaxAge.TotalSeconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("version: STSv2\nmode: none\nmax_age: 1")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1")]
    [InlineData("version: STSv1\nmode: strict\nmx: a.example\nmax_age: 1")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1e3")]
    [InlineData("<html>version: STSv1</html>\nnothing")]
    public void Text_ThatIsNone_IsRefused(string text) => Assert.Null(StsPolicy.Parse(text));

    [Theory]
    [InlineData("mail.example.com", true)]
    [InlineData("MAIL.example.COM", true)]
    [InlineData("a.example.net", true)]
    [InlineData("b.a.example.net", false)]
    [InlineData("example.net", false)]
    [InlineData(".example.net", false)]
    [InlineData("xexample.net", false)]
    [InlineData("other.example.com", false)]
    public void Wildcard_StandsForOneLabel(string host, bool isAllowed)
        => Assert.Equal(isAllowed, StsPolicy.Parse("version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 1")!.Allows(host));
}
