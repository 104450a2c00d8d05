using System.Text.RegularExpressions;
using MailPace.Testing;

namespace MailPace.Host.Tests;

/// <summary>A setting that nothing reads is a mistake of whoever set it, and `check-settings` finds all that `run` would.</summary>
public sealed partial class CheckSettingsTests
{
    [Theory]
    [InlineData("Delivery:Rout", "Delivery:Route")]
    [InlineData("Delivry:Route", "Delivery:Route")]
    [InlineData("Smtp:Timeouts:Conect", "Smtp:Timeouts:Connect")]
    [InlineData("SmtpEdge:Listeners:0:Prot", "SmtpEdge:Listeners:0:Port")]
    [InlineData("SmtpEdge:Listeners:0:ProxyNetworks", "SmtpEdge:Listeners:0:ProxyNetworks:<n>")]
    [InlineData("Dns:OwnNames", "Dns:OwnNames:<n>")]
    public async Task UnknownName_IsReported_WithTheNearestOne(string mistake, string nearest)
    {
        using var someone = Someone();
        someone.Set(mistake, "1");
        someone.Set("Delivery:Concurrency", "0");

        var (exitCode, _, error) = await someone.RunAsync("check-settings");

        Assert.Equal(78, exitCode);
        Assert.Contains($"{mistake}: there is no such setting; {nearest} is the nearest", error, StringComparison.Ordinal);
        Assert.Contains("Delivery:Concurrency", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesAsTheyMayBeWritten_AreRight()
    {
        using var someone = Someone();
        someone.Set("delivery:ROUTE", "mx");
        someone.Set("Log:Levels:MailPace.Messaging", "Debug");
        someone.Set("Retry:Gaps:0", "00:05:00");
        someone.Set("SmtpEdge:Listeners:1:ProxyNetworks:0", "10.0.0.0/8");
        someone.Set("SmtpEdge:Listeners:1:Port", "0");

        Assert.Equal((0, "The settings are right." + Environment.NewLine, ""), await someone.RunAsync("check-settings"));
    }

    [Fact]
    public async Task EveryDocumentedName_IsKnown()
    {
        using var someone = Someone();
        var rows = Row().Matches(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs/configuration.md"), TestContext.Current.CancellationToken));
        Assert.NotEmpty(rows);
        foreach (var name in rows.Select(static row => row.Groups["name"].Value))
        {
            someone.Set(Open().Replace(name, "0"), "");
        }

        var (_, _, error) = await someone.RunAsync("check-settings");

        Assert.DoesNotContain("there is no such setting", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherPartsSettings_AreNoMistakeOfTheRun()
    {
        using var someone = Someone();
        someone.Set("Host:Functions", "send");
        someone.Set("Record:MaxBatch", "100");

        Assert.Equal(0, (await someone.RunAsync("check-settings")).ExitCode);
    }

    [Fact]
    public async Task CertificateThatIsNotThere_IsNamed()
    {
        using var someone = Someone();
        someone.Set("SmtpEdge:CertificatePath", "/nowhere/tls.crt");

        var (exitCode, _, error) = await someone.RunAsync("check-settings");

        Assert.Equal(78, exitCode);
        Assert.Contains("the certificate's file /nowhere/tls.crt does not exist", error, StringComparison.Ordinal);
    }

    private static Operator Someone()
    {
        var someone = Operator.WithoutDatabase("Host=127.0.0.1;Port=1;Username=x;Database=x");
        foreach (var secret in (string[])["return-path-key", "webhook-kek"])
        {
            File.Copy(Path.Combine(someone.Directory, "dkim-kek"), Path.Combine(someone.Directory, secret));
        }

        return someone;
    }

    [GeneratedRegex(@"^\| `(?<name>[A-Z]\w+:[\w:<>]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Open();
}
