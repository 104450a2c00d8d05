using System.Xml.Linq;

namespace MailPace.Architecture.Tests;

public sealed class ProjectReferenceTests
{
    private static readonly string[] Libraries = ["MailPace.Smtp", "MailPace.Messaging", "MailPace.Storage"];

    public static TheoryData<string> Projects => [.. SourceTree.ProductProjects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectReferences_AnyProject_PointOneWay(string project)
    {
        var allowed = AllowedFor(project);
        var referenced = XDocument.Parse(SourceTree.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.All(referenced, name => Assert.Contains(name, allowed));
    }

    [Fact]
    public void Contracts_ItsPackages_AreNone()
        => Assert.Empty(XDocument.Parse(SourceTree.Read("lib/MailPace.Contracts/MailPace.Contracts.csproj")).Descendants("PackageReference"));

    private static string[] AllowedFor(string project)
    {
        string[] below = ["MailPace.Contracts", "MailPace.Mail"];
        var name = Path.GetFileNameWithoutExtension(project);
        return name switch
        {
            "MailPace.Contracts" => [],
            "MailPace.Mail" => ["MailPace.Contracts"],
            "MailPace.Smtp" or "MailPace.Messaging" or "MailPace.Storage" => below,
            "MailPace.Hosting" => [.. below, .. Libraries],
            "mailpace" => [.. SourceTree.ProductProjects.Select(path => Path.GetFileNameWithoutExtension(path))],
            "MailPace.Sandbox" => [.. below, .. Libraries, "MailPace.Hosting", "MailPace.SmtpEdge"],
            // A function, or the edge: never another function.
            _ => [.. below, .. Libraries, "MailPace.Hosting"],
        };
    }
}
