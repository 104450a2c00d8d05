using System.Diagnostics;
using Xunit;

namespace MailPace.Testing;

/// <summary>Finds the real servers that tests run against. Without them a laptop skips, CI fails.</summary>
public static class Tools
{
    private const int LowestPostgres = 15;
    private static readonly Version LowestNats = new(2, 12);
    private static readonly Lazy<string?> Nats = new(static () => ((string?[])[
        Environment.GetEnvironmentVariable("MAILPACE_NATS_SERVER"),
        OnPath("nats-server"),
        Path.Combine(RepositoryRoot.Path, ".local/bin/nats-server"),
    ]).FirstOrDefault(static path => File.Exists(path) && VersionOf(path) >= LowestNats));

    /// <summary>Path of a nats-server that knows message schedules and async persistence (2.12).</summary>
    public static string NatsServer() => Nats.Value ?? Missing("nats-server 2.12 or newer");

    /// <summary>Folder of <c>initdb</c> and <c>postgres</c>.</summary>
    public static string PostgresBin()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql")
                .Select(static folder => (Initdb: Path.Combine(folder, "bin/initdb"), Version: int.TryParse(Path.GetFileName(folder), out var version) ? version : 0))
                .Where(static candidate => candidate.Version >= LowestPostgres)
                .OrderByDescending(static candidate => candidate.Version)
                .Select(static candidate => candidate.Initdb)
                .ToArray()
            : [];
        return Path.GetDirectoryName(Find([.. debian, OnPath("initdb")]) ?? Missing("PostgreSQL 15 or newer"))!;
    }

    /// <summary>A program that a test needs, or a skip (a failure in CI).</summary>
    public static string Program(string name) => Find(OnPath(name), $"/usr/sbin/{name}") ?? Missing(name);

    private static string? Find(params string?[] candidates) => candidates.FirstOrDefault(File.Exists);

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>What <c>--version</c> says, such as <c>nats-server: v2.15.1</c>.</summary>
    private static Version VersionOf(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Version.TryParse(text.Trim().Split(' ')[^1].TrimStart('v').Split('-')[0], out var version) ? version : new Version();
    }

    private static string Missing(string what)
    {
        var text = $"{what} isn't here; tools/setup.sh --tests installs it.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new InvalidOperationException(text);
        }

        Assert.Skip(text);
        throw new InvalidOperationException(text);
    }
}
