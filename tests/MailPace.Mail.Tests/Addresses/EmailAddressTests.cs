using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MailPace.Mail.Addresses;

namespace MailPace.Mail.Tests.Addresses;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("a@b.example", "a", "b.example")]
    [InlineData("A.B+c@B.Example", "A.B+c", "b.example")]
    [InlineData("\"a b\"@b.example", "\"a b\"", "b.example")]
    [InlineData("\"a\"@b.example", "a", "b.example")]
    [InlineData("\"\\a\"@b.example", "a", "b.example")]
    [InlineData("\"a@b\"@c.example", "\"a@b\"", "c.example")]
    [InlineData("\"a\\\"b\"@c.example", "\"a\\\"b\"", "c.example")]
    [InlineData("jörg@b.example", "jörg", "b.example")]
    [InlineData("a@bücher.example", "a", "xn--bcher-kva.example")]
    [InlineData("a@BÜCHER.example", "a", "xn--bcher-kva.example")]
    [InlineData("a@例え。テスト", "a", "xn--r8jz45g.xn--zckzah")]
    [InlineData("!#$%&`*+/=?^`{|}~@iana.org", "!#$%&`*+/=?^`{|}~", "iana.org")]
    public void TryParse_Valid_TakesOneForm(string text, string localPart, string domain)
    {
        Assert.True(EmailAddress.TryParse(text, out var address));
        Assert.Equal(localPart, address.LocalPart);
        Assert.Equal(domain, address.Domain);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<>")]
    [InlineData("a")]
    [InlineData("@b.example")]
    [InlineData("a@")]
    [InlineData(" a@b.example")]
    [InlineData("a@b.example ")]
    [InlineData("<a@b.example>")]
    [InlineData("a..b@c.example")]
    [InlineData(".a@c.example")]
    [InlineData("a.@c.example")]
    [InlineData("a b@c.example")]
    [InlineData("a@b@c.example")]
    [InlineData("a@-b.example")]
    [InlineData("a@b..example")]
    [InlineData("a@b.example.")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a@127.0.0.1")]
    [InlineData("a@b\u00adc.example")]
    [InlineData("a@ａ.example")]
    [InlineData("a\u202eb@c.example")]
    [InlineData("a\u2028@c.example")]
    [InlineData("a\u0085@c.example")]
    [InlineData("\"a\r\n\"@c.example")]
    [InlineData("\"a\\\r\"@c.example")]
    [InlineData("\"a\0\"@c.example")]
    [InlineData("\"a\"b@c.example")]
    [InlineData("\"a@c.example")]
    public void TryParse_Invalid_Refused(string text) => Assert.False(EmailAddress.TryParse(text, out _));

    [Fact]
    public void TryParse_HalfASurrogatePair_Refused() => Assert.False(EmailAddress.TryParse("a\ud800@c.example", out _));

    [Fact]
    public void IsAscii_LocalPartDecides()
    {
        Assert.True(EmailAddress.TryParse("a@bücher.example", out var domain));
        Assert.True(EmailAddress.TryParse("ü@b.example", out var localPart));
        Assert.True(domain.IsAscii);
        Assert.False(localPart.IsAscii);
    }

    [Property(MaxTest = 2000)]
    public bool TryParse_AnyText_ParsesToItself(string? text)
        => !EmailAddress.TryParse(text, out var address) || Survives(address);

    [Property(MaxTest = 2000)]
    public Property TryParse_TextOfItsAlphabet_ParsesToItself()
    {
        var character = Gen.Elements("ab.\"\\@ <>,\r\n\0\t-[]é\u2028%!".ToCharArray());
        var texts = character.ArrayOf().Select(characters => new string(characters) + "@b.example").ToArbitrary();
        return Prop.ForAll(texts, text => !EmailAddress.TryParse(text, out var address) || Survives(address));
    }

    private static bool Survives(EmailAddress address)
        => EmailAddress.TryParse(address.Address, out var again)
            && again == address
            && DisplayText.IsClean(address.Address)
            && System.Text.Ascii.IsValid(address.Domain);
}
