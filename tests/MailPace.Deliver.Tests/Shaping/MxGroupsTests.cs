using System.ComponentModel.DataAnnotations;
using MailPace.Deliver.Shaping;
using Microsoft.Extensions.Options;

namespace MailPace.Deliver.Tests.Shaping;

public sealed class MxGroupsTests
{
    [Theory]
    [InlineData("aspmx.l.google.com", "google")]
    [InlineData("alt1.gmail-smtp-in.l.google.com", "google")]
    [InlineData("example-com.mail.protection.outlook.com", "microsoft")]
    [InlineData("hotmail-com.olc.protection.outlook.com", "outlook-consumer")]
    [InlineData("mta5.am0.yahoodns.net", "yahoo")]
    [InlineData("notgoogle.com", "notgoogle.com")]
    [InlineData("mx1.mail.example.net", "example.net")]
    [InlineData("mx.example.co.uk", "example.co.uk")]
    [InlineData("localhost", "localhost")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "__1")]
    [InlineData("odd name.*.example", "_.example")]
    public void Host_BelongsToItsOperatorsGroup(string host, string group) => Assert.Equal(group, Groups(new ShapingOptions()).GroupOf(host));

    [Fact]
    public void Limits_AreTheDefaults_WhereNothingElseIsKnown()
        => Assert.Equal(new GroupLimits(7, 1000, 3), Groups(new ShapingOptions { Connections = 7, MessagesPerSecond = 3 }).LimitsOf("example.net"));

    [Fact]
    public void Configuration_ChangesAShippedGroup_OnlyWhereItSaysSo()
    {
        var shipped = Groups(new ShapingOptions()).LimitsOf("google");
        var groups = Groups(new ShapingOptions { Groups = { ["Google"] = new GroupLimitsOptions { Connections = 3 } } });
        Assert.Equal(shipped with { Connections = 3 }, groups.LimitsOf("google"));
        Assert.Equal("google", groups.GroupOf("aspmx.l.google.com"), ignoreCase: true);
    }

    [Fact]
    public void Configuration_AddsAGroup()
    {
        var groups = Groups(new ShapingOptions
        {
            Groups =
            {
                ["example.net"] = new GroupLimitsOptions { Messages = 60, Per = TimeSpan.FromMinutes(1) },
                ["partner"] = new GroupLimitsOptions { Suffixes = ["one.example", "two.example"] },
            },
        });
        Assert.Equal(1, groups.LimitsOf(groups.GroupOf("mx.example.net")).Rate);
        Assert.Equal(("partner", "partner"), (groups.GroupOf("mx.one.example"), groups.GroupOf("two.example")));
    }

    [Fact]
    public void ShippedGroups_AreFit()
    {
        var shipped = MxGroups.ReadShipped();
        Assert.Equal(shipped.Length, shipped.Select(group => group.Name).Distinct().Count());
        Assert.Equal(shipped.Sum(group => group.Suffixes.Count), shipped.SelectMany(group => group.Suffixes).Distinct().Count());
        Assert.All(shipped, group => Assert.True(GroupName.IsFit(group.Name) && group.Connections > 0 && group.Messages > 0 && group.MessagesPerConnection > 0));
    }

    [Fact]
    public void Options_AreCheckedWithinGroups()
    {
        var options = new ShapingOptions { Groups = { ["a b"] = new GroupLimitsOptions { Connections = 0 } } };
        var faults = options.Validate(new ValidationContext(options)).Select(fault => fault.ErrorMessage).ToList();
        Assert.Equal(2, faults.Count);
        Assert.All(faults, fault => Assert.StartsWith("Shaping:Groups:a b: ", fault, StringComparison.Ordinal));
    }

    private static MxGroups Groups(ShapingOptions options) => new(Options.Create(options));
}
