using MailPace.Testing;

namespace MailPace.Host.Tests;

public sealed class InboundCommandTests(PostgresServerFixture postgres)
{
    [Fact]
    public async Task InboundHost_AddedAndRemoved_ShowsItsRecordAndNoPassword()
    {
        using var someone = await Operator.WithDatabaseAsync(postgres);
        await someone.RunAsync("demo");
        someone.Set("SmtpEdge:HostName", "mx.platform.example");

        var added = await someone.RunAsync("inbound", "add", "demo.example", "In.demo.example", "https://me:secret@hook.example/mail");
        var itself = await someone.RunAsync("inbound", "add", "demo.example", "demo.example", "https://hook.example/");
        var foreign = await someone.RunAsync("inbound", "add", "demo.example", "notdemo.example", "https://hook.example/");
        var clear = await someone.RunAsync("inbound", "add", "demo.example", "x.demo.example", "http://hook.example/");
        var list = await someone.RunAsync("inbound", "list", "demo.example");
        var removed = await someone.RunAsync("inbound", "remove", "demo.example", "in.demo.example");
        var again = await someone.RunAsync("inbound", "remove", "demo.example", "in.demo.example");

        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        Assert.Contains("  in.demo.example.  CNAME  mx.platform.example.", added.Output, StringComparison.Ordinal);
        Assert.Contains("  demo.example.  MX     10 mx.platform.example.", itself.Output, StringComparison.Ordinal);
        Assert.Equal((1, "notdemo.example is not demo.example, nor a name under it."), (foreign.ExitCode, foreign.Error.Trim()));
        Assert.Equal((1, "The endpoint is no https URL."), (clear.ExitCode, clear.Error.Trim()));
        Assert.Matches(@"1\s+in\.demo\.example\s+https://hook\.example/mail", list.Output);
        Assert.DoesNotContain("secret", list.Output, StringComparison.Ordinal);
        Assert.Equal(0, removed.ExitCode);
        Assert.Equal((1, "demo.example has no inbound host in.demo.example."), (again.ExitCode, again.Error.Trim()));
    }
}
