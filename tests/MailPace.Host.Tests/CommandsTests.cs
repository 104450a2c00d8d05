using MailPace.Testing;

namespace MailPace.Host.Tests;

public sealed class CommandsTests(PostgresServerFixture postgres)
{
    [Fact]
    public async Task Demo_CalledAgain_PrintsTheSameFacts()
    {
        using var someone = await Operator.WithDatabaseAsync(postgres);
        var file = Path.Combine(someone.Directory, "tokens");

        var first = await someone.RunAsync("demo", "--token-file", file);
        var second = await someone.RunAsync("demo", "--token-file", file);

        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Equal(first, second);
        Assert.Equal(["MAILPACE_TOKEN", "MAILPACE_ORG_TOKEN", "MAILPACE_DOMAIN"], Lines(first.Output).Select(l => l.Split('=')[0]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var tokens = await someone.RunAsync("token", "list");
        Assert.Equal(3, Lines(tokens.Output).Length);
        Assert.DoesNotContain("mp_", tokens.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DomainAdd_ShowsItsRecords_AndOnlyAForcedVerificationNeedsNoDns()
    {
        using var someone = await Operator.WithDatabaseAsync(postgres);
        await someone.RunAsync("organisation", "add", "Acme");

        var added = await someone.RunAsync("domain", "add", "München.example", "--organisation", "Acme");
        var again = await someone.RunAsync("domain", "add", "münchen.example", "--organisation", "1");
        var forced = await someone.RunAsync("domain", "verify", "1", "--force");
        var list = await someone.RunAsync("domain", "list");

        Assert.Equal(0, added.ExitCode);
        Assert.Contains("._domainkey.xn--mnchen-3ya.example.  TXT    \"v=DKIM1; k=rsa; h=sha256; p=", added.Output, StringComparison.Ordinal);
        Assert.Contains("\"v=DKIM1; k=ed25519; p=", added.Output, StringComparison.Ordinal);
        Assert.Equal((1, "Organisation 1 has xn--mnchen-3ya.example already."), (again.ExitCode, again.Error.Trim()));
        Assert.Equal(0, forced.ExitCode);
        Assert.Matches(@"1\s+xn--mnchen-3ya\.example\s+1\s+yes\s+no", list.Output);
    }

    [Fact]
    public async Task TokenCreate_ShowsTheSecretOnce()
    {
        using var someone = await Operator.WithDatabaseAsync(postgres);
        await someone.RunAsync("demo");

        var created = await someone.RunAsync("token", "create", "--domain", "demo.example", "--name", "CI");
        var both = await someone.RunAsync("token", "create");
        var revoked = await someone.RunAsync("token", "revoke", "3");
        var twice = await someone.RunAsync("token", "revoke", "3");

        Assert.StartsWith("mp_", Lines(created.Output)[1], StringComparison.Ordinal);
        Assert.Equal(1, both.ExitCode);
        Assert.Equal(0, revoked.ExitCode);
        Assert.Equal((1, "There is no valid token 3."), (twice.ExitCode, twice.Error.Trim()));
    }

    [Fact]
    public async Task Failures_SayWhatToDo()
    {
        var server = await postgres.ServerAsync();
        using var unmigrated = Operator.WithoutDatabase(await server.CreateDatabaseAsync());
        using var nowhere = Operator.WithoutDatabase($"Host=127.0.0.1;Port={FreePort.Next()};Username=x;Database=x");
        using var someone = await Operator.WithDatabaseAsync(postgres);
        File.Delete(Path.Combine(someone.Directory, "dkim-kek"));

        var schema = await unmigrated.RunAsync("emails");
        var away = await nowhere.RunAsync("emails");
        var secret = await someone.RunAsync("demo");
        var unknown = await someone.RunAsync("email", "42");

        Assert.Equal((1, "The database has no schema yet: run `mailpace migrate`."), (schema.ExitCode, schema.Error.Trim()));
        Assert.Equal(69, away.ExitCode);
        Assert.StartsWith("PostgreSQL does not answer", away.Error, StringComparison.Ordinal);
        Assert.Equal(78, secret.ExitCode);
        Assert.Contains("openssl rand -base64 32", secret.Error, StringComparison.Ordinal);
        Assert.Equal(1, unknown.ExitCode);
        Assert.All(new[] { schema, away, secret, unknown }, r => Assert.DoesNotContain("   at ", r.Error, StringComparison.Ordinal));
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
