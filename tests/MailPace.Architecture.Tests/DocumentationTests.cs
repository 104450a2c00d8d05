using System.Text.RegularExpressions;

namespace MailPace.Architecture.Tests;

public sealed partial class DocumentationTests
{
    [Fact]
    public void Configuration_EveryOption_HasARow()
    {
        var rows = SourceTree.Read("docs/configuration.md");
        var options = SourceTree.ProductCode.SelectMany(OptionsIn).ToList();

        Assert.NotEmpty(options);
        Offenders.None(options.Where(option => !RowOf(option).IsMatch(rows)));
    }

    [Fact]
    public void Configuration_EveryRow_IsAnOption()
    {
        var options = SourceTree.ProductCode.SelectMany(OptionsIn).ToHashSet(StringComparer.Ordinal);
        var rows = Row().Matches(SourceTree.Read("docs/configuration.md")).Select(match => match.Groups["option"].Value).ToList();

        Assert.NotEmpty(rows);
        Offenders.None(rows.Where(row => !options.Contains(row)));
    }

    [Fact]
    public void Telemetry_EveryMetric_HasARow()
    {
        var rows = SourceTree.Read("docs/telemetry.md");
        var metrics = SourceTree.ProductCode.SelectMany(file => Instrument().Matches(SourceTree.Read(file)).Select(match => match.Groups["name"].Value)).ToList();

        Assert.NotEmpty(metrics);
        Offenders.None(metrics.Where(metric => !rows.Contains($"| `{metric}` |", StringComparison.Ordinal)));
    }

    [Fact]
    public void Security_EveryTestThatIsNamed_IsThere()
    {
        var named = TestName().Matches(SourceTree.Read("docs/security.md")).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).ToList();

        Assert.NotEmpty(named);
        Offenders.None(named.Where(test => !IsThere(test.Class, test.Method)).Select(test => $"{test.Class}.{test.Method}"));
    }

    private static bool IsThere(string name, string method)
        => SourceTree.AllCode.Any(file => file.EndsWith($"/{name}.cs", StringComparison.Ordinal) && SourceTree.Read(file).Contains($" {method}(", StringComparison.Ordinal));

    private static IEnumerable<string> OptionsIn(string file)
    {
        var source = SourceTree.Read(file);
        var section = SectionName().Match(source);
        return section.Success
            ? Property().Matches(source).Select(match => $"{section.Groups["name"].Value}:{match.Groups["name"].Value}")
            : [];
    }

    /// <summary>An option of its own, or the first part of the names of a list's or group's members.</summary>
    private static Regex RowOf(string option) => new($"^\\| `{Regex.Escape(option)}[`:]", RegexOptions.Multiline);

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("const string SectionName = \"(?<name>[\\w:]+)\"")]
    private static partial Regex SectionName();

    [GeneratedRegex(@"^    public (?!const|static|override)[\w<>\[\]?., ]+ (?<name>\w+) \{ get;", RegexOptions.Multiline)]
    private static partial Regex Property();

    [GeneratedRegex(@"^\| `(?<option>\w+:\w+)", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("Create(?:Counter|Histogram|UpDownCounter|Gauge|ObservableGauge|ObservableCounter)<\\w+>\\(\\s*\"(?<name>[\\w.]+)\"")]
    private static partial Regex Instrument();
}
