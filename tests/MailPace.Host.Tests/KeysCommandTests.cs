using System.Text.RegularExpressions;
using MailPace.Testing;

namespace MailPace.Host.Tests;

/// <summary>Rotating a domain's DKIM keys, with a real DNS server that publishes them sooner or later.</summary>
public sealed partial class KeysCommandTests(PostgresServerFixture postgres)
{
    private const string Domain = "demo.example";

    [Fact]
    public async Task Rotate_PreparesKeysThatDoNotSign_AndCalledAgainShowsTheSame()
    {
        await using var dns = new DnsResponder();
        using var someone = await DemoAsync(dns);

        var rotated = await someone.RunAsync("keys", "rotate", Domain);
        var again = await someone.RunAsync("keys", "rotate", Domain);
        var keys = await someone.RunAsync("keys", "show", Domain);
        var domain = await someone.RunAsync("domain", "show", Domain);

        Assert.Equal((0, ""), (rotated.ExitCode, rotated.Error));
        Assert.Equal(2, Records(rotated.Output).Count);
        Assert.Equal(Records(rotated.Output), Records(again.Output));
        Assert.Contains("keys activate demo.example", rotated.Output, StringComparison.Ordinal);
        Assert.Contains("the old keys sign", rotated.Output, StringComparison.Ordinal);
        Assert.Equal(["signing", "signing", "prepared", "prepared"], States(keys.Output));
        Assert.Contains("DKIM verified: yes", domain.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activate_SaysExactlyWhatIsMissingOrWrong_AndChangesNothing()
    {
        await using var dns = new DnsResponder();
        using var someone = await DemoAsync(dns);
        var none = await someone.RunAsync("keys", "activate", Domain);
        var records = Records((await someone.RunAsync("keys", "rotate", Domain)).Output);
        var (rsa, ed) = (records[0], records[1]);

        var missing = await someone.RunAsync("keys", "activate", Domain);
        dns.WithTxt(rsa.Name, rsa.Text).WithTxt(ed.Name, ed.Text.Replace("p=", "p=A", StringComparison.Ordinal));
        var wrong = await someone.RunAsync("keys", "activate", Domain);
        dns.Without(ed.Name).WithTxt(ed.Name, ed.Text).WithTxt(ed.Name, "v=spf1 -all");
        var several = await someone.RunAsync("keys", "activate", Domain);
        dns.Failing(ed.Name, 2);
        var unknown = await someone.RunAsync("keys", "activate", Domain);
        var keys = await someone.RunAsync("keys", "show", Domain);

        Assert.Contains("has no new keys", none.Error, StringComparison.Ordinal);
        Assert.Contains($"{rsa.Name} is missing", missing.Error, StringComparison.Ordinal);
        Assert.Contains($"{ed.Name} is missing", missing.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(rsa.Name, wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"{ed.Name} is wrong: its p= is another key", wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"{ed.Name} is wrong: it has 2 TXT records", several.Error, StringComparison.Ordinal);
        Assert.Contains("it answers ServerFailure", unknown.Error, StringComparison.Ordinal);
        Assert.All(new[] { none, missing, wrong, several, unknown }, run => Assert.Equal(1, run.ExitCode));
        Assert.Equal(["signing", "signing", "prepared", "prepared"], States(keys.Output));
    }

    [Fact]
    public async Task Activate_WithItsRecordsInDns_SignsWithTheNewKeysAndKeepsTheOldRecords()
    {
        await using var dns = new DnsResponder();
        using var someone = await DemoAsync(dns);
        var old = Records((await someone.RunAsync("domain", "show", Domain)).Output).Where(r => r.Name.Contains("_domainkey", StringComparison.Ordinal));
        foreach (var (name, text) in Records((await someone.RunAsync("keys", "rotate", Domain)).Output))
        {
            dns.WithTxt(name, text);
        }

        var activated = await someone.RunAsync("keys", "activate", Domain);
        var keys = await someone.RunAsync("keys", "show", Domain);
        var verified = await someone.RunAsync("domain", "verify", Domain);

        Assert.Equal((0, ""), (activated.ExitCode, activated.Error));
        Assert.All(old, record => Assert.Matches(Regex.Escape(record.Name) + @"\.  until \d{4}-", activated.Output));
        Assert.Equal(["signing", "signing", "retired", "retired"], States(keys.Output));
        Assert.Equal((0, ""), (verified.ExitCode, verified.Error));
    }

    [Fact]
    public async Task Activate_Forced_AsksNoDns()
    {
        await using var dns = new DnsResponder();
        using var someone = await DemoAsync(dns);
        await someone.RunAsync("keys", "rotate", Domain);

        var activated = await someone.RunAsync("keys", "activate", Domain, "--force");

        Assert.Equal((0, ""), (activated.ExitCode, activated.Error));
        Assert.Equal(["signing", "signing", "retired", "retired"], States((await someone.RunAsync("keys", "show", Domain)).Output));
    }

    [Fact]
    public async Task DomainVerify_DnsThatFails_ChangesNothing()
    {
        await using var dns = new DnsResponder();
        using var someone = await DemoAsync(dns);
        var rsa = Records((await someone.RunAsync("domain", "show", Domain)).Output)[0];
        dns.Failing(rsa.Name, 2);

        var verified = await someone.RunAsync("domain", "verify", Domain);

        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("Nothing was changed", verified.Error, StringComparison.Ordinal);
        Assert.Contains("DKIM verified: yes", (await someone.RunAsync("domain", "show", Domain)).Output, StringComparison.Ordinal);
    }

    private async Task<Operator> DemoAsync(DnsResponder dns)
    {
        var someone = await Operator.WithDatabaseAsync(postgres);
        someone.Set("Dns:Resolvers:0", dns.EndPoint);
        Assert.Equal(0, (await someone.RunAsync("demo")).ExitCode);
        return someone;
    }

    /// <summary>The TXT records of an output, their strings joined.</summary>
    private static List<(string Name, string Text)> Records(string output)
        => [.. TxtLine().Matches(output).Select(line => (line.Groups["name"].Value, line.Groups["strings"].Value.Replace("\" \"", "", StringComparison.Ordinal)))];

    private static IEnumerable<string> States(string output)
        => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]);

    [GeneratedRegex("""^  (?<name>\S+)\.  TXT    "(?<strings>.*)"$""", RegexOptions.Multiline)]
    private static partial Regex TxtLine();
}
