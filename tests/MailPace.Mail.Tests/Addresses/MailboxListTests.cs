using System.Diagnostics;
using FsCheck.Xunit;
using MailPace.Mail.Addresses;

namespace MailPace.Mail.Tests.Addresses;

public sealed class MailboxListTests
{
    [Theory]
    [InlineData("a@b.example", null, "a@b.example")]
    [InlineData("<a@b.example>", null, "a@b.example")]
    [InlineData(" <a@b.example>", null, "a@b.example")]
    [InlineData("\"\" <a@b.example>", null, "a@b.example")]
    [InlineData("Name <a@b.example>", "Name", "a@b.example")]
    [InlineData("Name<a@b.example>", "Name", "a@b.example")]
    [InlineData("\"Last, First\" <a@b.example>", "Last, First", "a@b.example")]
    [InlineData("\"a \\\"b\\\" c\" <a@b.example>", "a \"b\" c", "a@b.example")]
    [InlineData("Jörg Müller <a@b.example>", "Jörg Müller", "a@b.example")]
    [InlineData("J. R. Hacker (x) <a@b.example>", "J. R. Hacker (x)", "a@b.example")]
    [InlineData("a@b.example (Name)", "Name", "a@b.example")]
    [InlineData("x@y.example <a@b.example>", "x@y.example", "a@b.example")]
    [InlineData("山田 <a@b.example>", "山田", "a@b.example")]
    [InlineData("\"a<b\" <a@b.example>", "a<b", "a@b.example")]
    public void TryParse_OneMailbox_NameAndAddress(string text, string? name, string address)
    {
        Assert.True(MailboxList.TryParse(text, out var list));
        var mailbox = Assert.Single(list);
        Assert.Equal(name, mailbox.Name);
        Assert.Equal(address, mailbox.Address.Address);
    }

    [Fact]
    public void TryParse_Several_InOrder()
    {
        Assert.True(MailboxList.TryParse("a@b.example, \"x, y\" <c@d.example>,,Z <e@f.example>,", out var list));
        Assert.Equal(["a@b.example", "c@d.example", "e@f.example"], list.Select(mailbox => mailbox.Address.Address));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("a")]
    [InlineData("a@b.example, c")]
    [InlineData("a@b.example c@d.example")]
    [InlineData("<a@b.example")]
    [InlineData("<a@b.example> x")]
    [InlineData("<a@b.example><c@d.example>")]
    [InlineData("\"a <a@b.example>")]
    [InlineData("x\r\nBcc: e <a@b.example>")]
    [InlineData("x\u0085 <a@b.example>")]
    [InlineData("\"x\u2028\" <a@b.example>")]
    [InlineData("<@x.example:a@b.example>")]
    [InlineData("friends: a@b.example;")]
    public void TryParse_AnythingElse_Refused(string? text) => Assert.False(MailboxList.TryParse(text, out _));

    [Property(MaxTest = 2000)]
    public bool TryParse_AnyText_NamesAndAddressesAreClean(string? text)
        => !MailboxList.TryParse($"{text} <a@b.example>, {text}@c.example", out var list)
            || list.All(mailbox => DisplayText.IsClean(mailbox.Address.Address) && DisplayText.IsClean(mailbox.Name ?? ""));

    [Fact]
    public void TryParse_Flood_BoundedTimeAndCount()
    {
        var clock = Stopwatch.StartNew();
        Assert.True(MailboxList.TryParse(string.Concat(Enumerable.Repeat("a@b.example,", 1_000_000)), out var list));
        Assert.Equal(MailboxList.MaxCount + 1, list.Count);
        Assert.False(MailboxList.TryParse(new string('<', 1_000_000), out _));
        Assert.False(MailboxList.TryParse(new string('"', 999_999), out _));
        Assert.False(MailboxList.TryParse(new string('(', 1_000_000), out _));
        // Quadratic work on this much would take many minutes; a busy machine only seconds.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }
}
