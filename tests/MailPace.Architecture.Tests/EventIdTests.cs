using System.Text.RegularExpressions;

namespace MailPace.Architecture.Tests;

public sealed partial class EventIdTests
{
    [Fact]
    public void EventIds_AcrossProjects_NameOneEventEach()
    {
        var ids = SourceTree.ProductCode
            .Where(file => file.EndsWith("EventIds.cs", StringComparison.Ordinal))
            .SelectMany(file => Definition().Matches(SourceTree.Read(file)).Select(match => (Id: match.Groups["id"].Value, Event: $"{file}: {match.Groups["name"].Value}")))
            .ToList();

        Assert.NotEmpty(ids);
        Offenders.None(ids.GroupBy(id => id.Id).Where(group => group.Count() > 1).Select(group => string.Join(" = ", group.Select(id => id.Event))));
    }

    [GeneratedRegex(@"const int (?<name>\w+) = (?<id>\d+);")]
    private static partial Regex Definition();
}
