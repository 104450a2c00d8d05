using System.Text.RegularExpressions;
using MailPace.Testing;

namespace MailPace.Architecture.Tests;

public sealed partial class SourceFileTests
{
    private const int MostLines = 500;

    [Fact]
    public void Files_AnySource_IsShort()
        => Offenders.None(SourceTree.AllCode.Where(file => SourceTree.Read(file).AsSpan().Count('\n') > MostLines));

    [Fact]
    public void Files_Product_HoldNoUnfinishedWork()
        => Offenders.None(SourceTree.ProductCode.Where(file => Unfinished().IsMatch(SourceTree.Read(file))));

    [Fact]
    public void Environment_OutsideOfHosting_IsNotRead()
        => Offenders.None(SourceTree.ProductCode
            .Where(file => !file.StartsWith("lib/MailPace.Hosting/", StringComparison.Ordinal))
            .Where(file => SourceTree.Read(file).Contains("GetEnvironmentVariable", StringComparison.Ordinal)));

    [Fact]
    public void Names_AnyType_IsNoCatchAll()
        => Offenders.None(SourceTree.AllCode.Where(file => CatchAll().IsMatch(Path.GetFileNameWithoutExtension(file))));

    [Fact]
    public void Regions_AnySource_AreNone()
        => Offenders.None(SourceTree.AllCode.Where(file => Region().IsMatch(SourceTree.Read(file))));

    /// <summary>Two that were written at the same time merge without a conflict, and no new database can be made then.</summary>
    [Fact]
    public void Migrations_Numbers_AreGivenOnce()
        => Offenders.None(Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "lib/MailPace.Storage/Migrations"), "*.sql").Select(file => Path.GetFileName(file))
            .GroupBy(name => name[..4]).Where(group => group.Count() > 1).SelectMany(group => group));

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex("(Helpers?|Utils?|Utilities|Common|Manager)$")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"^\s*#region", RegexOptions.Multiline)]
    private static partial Regex Region();
}
