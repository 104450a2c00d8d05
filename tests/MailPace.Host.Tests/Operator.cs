using System.Diagnostics;
using System.Security.Cryptography;
using MailPace.Testing;

[assembly: AssemblyFixture(typeof(PostgresServerFixture))]

namespace MailPace.Host.Tests;

/// <summary>Someone at a shell with a database and secrets of their own.</summary>
internal sealed class Operator : IDisposable
{
    private static readonly string Program = Path.Combine(
        RepositoryRoot.Path, "artifacts/bin/mailpace", new DirectoryInfo(AppContext.BaseDirectory).Name, "mailpace");

    private readonly Dictionary<string, string> environment;

    private Operator(string directory, string postgres)
    {
        Directory = directory;
        environment = new()
        {
            ["MAILPACE__Postgres__ConnectionString"] = postgres,
            ["MAILPACE__Secrets__Directory"] = directory,
        };
    }

    public string Directory { get; }

    public static async Task<Operator> WithDatabaseAsync(PostgresServerFixture postgres)
    {
        var someone = WithoutDatabase(await (await postgres.ServerAsync()).CreateDatabaseAsync());
        Assert.Equal(0, (await someone.RunAsync("migrate")).ExitCode);
        return someone;
    }

    public static Operator WithoutDatabase(string postgres)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("mailpace-operator-").FullName;
        File.WriteAllText(Path.Combine(directory, "dkim-kek"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        return new Operator(directory, postgres);
    }

    public void Set(string option, string value) => environment["MAILPACE__" + option.Replace(":", "__", StringComparison.Ordinal)] = value;

    /// <summary>Starts <c>mailpace run</c>, which stays; what it says goes to <paramref name="log"/>.</summary>
    public ServerProcess Start(string log) => ServerProcess.Start(log, null, environment, Program, "run");

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
